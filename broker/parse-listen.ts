import { BrokerError } from './broker-error.ts';
import type { ListenOptions } from './listener.ts';

/**
 * Where to listen, as a user names it: an address, any free port; or with the ports that the way to here leads to:
 * `0.0.0.0:20000-20099`, `[::]:20000`.
 *
 * @throws BrokerError USAGE — it is nothing of the kind
 */
export function parseListen(text: string): Pick<ListenOptions, 'address' | 'port'> {
  const isBareIpv6 = !text.startsWith('[') && text.split(':').length > 2;
  const [, bracketed, plain, from, to = from] = isBareIpv6
    ? [text, undefined, text]
    : (/^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5})(?:-(\d{1,5}))?)?$/u.exec(text) ?? []);
  const address = bracketed ?? plain;
  if (address === undefined) throw refused(text);
  if (from === undefined) return { address, port: 0 };
  const range = { from: Number(from), to: Number(to) };
  if (range.from < 1 || range.to > 65_535 || range.from > range.to) throw refused(text);
  return { address, port: range };
}

function refused(text: string): BrokerError {
  const message = `'${text}' is no place to listen at: give an address, or an address with ports (0.0.0.0:20000-20099)`;
  return new BrokerError('USAGE', message, { subject: text });
}
