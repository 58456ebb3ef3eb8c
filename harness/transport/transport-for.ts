import { HarnessError } from '../errors.ts';
import type { TransportFactory } from './line-transport.ts';
import { serialTransport } from './serial.ts';
import { tcpTransport } from './tcp.ts';

const TCP = /^tcp:(?<host>\[[^\]]+\]|[^:]+):(?<port>\d{1,5})$/;

/**
 * The factory for a port as the user names it: a path such as `/dev/ttyUSB3`, or `tcp:host:port`. A path that is a link is followed
 * anew at each opening, so that it may follow a port through re-enumeration.
 *
 * @throws HarnessError CONFIGURATION — neither of the two
 */
export function transportFor(spec: string): TransportFactory {
  if (spec.startsWith('/') || spec.startsWith('./')) return () => serialTransport(spec);
  const groups = TCP.exec(spec)?.groups;
  const port = Number(groups?.['port']);
  const host = groups?.['host']?.replace(/^\[|\]$/g, '');
  if (host !== undefined && port >= 1 && port <= 65_535) return () => tcpTransport(host, port);
  const message = `"${spec}" names no port: give a path such as /dev/ttyUSB3, or tcp:host:port`;
  throw new HarnessError('CONFIGURATION', message, { subject: spec });
}
