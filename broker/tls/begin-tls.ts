import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Connection } from '../connection.ts';
import { type BrokerEvent, NO_CLIENT_HELLO } from '../events.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { findClientFault } from './client-certificate.ts';
import type { ClientHello } from './client-hello.ts';
import { CloseNotifyWatch } from './close-notify-watch.ts';
import { finishHandshake, type HandshakeFailure } from './handshake.ts';
import { RecordedSocket } from './recorded-socket.ts';
import type { TlsTerminator } from './serve-tls.ts';
import { sniffHello } from './sniff-hello.ts';

export interface TlsStage {
  readonly terminator: () => TlsTerminator;
  readonly clock: () => number;
  readonly report: (event: BrokerEvent) => void;
  readonly isKeyLogged: boolean;
  /** A fault takes the connection once its ClientHello is known. */
  readonly isTaken: (connection: Connection) => boolean;
}

/** Fatal alert `unrecognized_name` (RFC 6066, 3) as a clear record of TLS 1.2. */
const UNRECOGNIZED_NAME = Buffer.from('15030300020270', 'hex');

/** ClientHello, handshake, client certificate. Resolves to true when MQTT can be spoken. */
export async function beginTls(connection: Connection, stage: TlsStage): Promise<boolean> {
  const { clock, report } = stage;
  const conn = connection.conn;
  const hello = await sniffHello(connection.socket);
  const sni = typeof hello === 'string' ? null : hello.sni;
  if (typeof hello !== 'string') report({ k: 'client-hello', at: clock(), conn, ...hello });
  connection.claimByHello(sni);
  if (hello === 'ended' || !connection.isOpen || stage.isTaken(connection)) return false;

  const terminator = stage.terminator();
  if (terminator.options.sniRequired === true && sni === null) {
    report({ k: 'tls-failed', at: clock(), conn, code: 'SNI_REQUIRED', message: 'no server name in the ClientHello' });
    connection.abandon({ isRead: true });
    connection.inject(UNRECOGNIZED_NAME);
    connection.end('fin');
    return false;
  }
  return handshake(connection, terminator, hello, stage);
}

async function handshake(
  connection: Connection,
  terminator: TlsTerminator,
  hello: ClientHello | 'other',
  { clock, report, isKeyLogged }: TlsStage,
): Promise<boolean> {
  const conn = connection.conn;
  const sni = hello === 'other' ? null : hello.sni;
  const closeNotify = terminator.options.watchesCloseNotify === true ? new CloseNotifyWatch() : undefined;
  const socket = watched(connection, closeNotify);
  const watch = makeWatch(socket, terminator);
  const stream = terminator.wrap(watch ?? socket);
  if (isKeyLogged)
    stream.on('keylog', (line) => report({ k: 'tls-key', at: clock(), conn, line: line.toString('ascii').trim() }));
  const finished = finishHandshake(stream);
  connection.secureBy(stream, closeNotify !== undefined);
  const result = await (watch === undefined ? finished : Promise.race([finished, watch.refused.then(refusal)]));
  const failure = result === 'secure' ? clientFailure(stream, terminator) : result;
  if (failure !== undefined) {
    // What TLS makes of it depends on the first bytes: it may take them for HTTP.
    const code = hello === 'other' ? NO_CLIENT_HELLO : failure.code;
    report({ k: 'tls-failed', at: clock(), conn, code, message: failure.message });
    connection.abandon({ isRead: true });
    connection.end(stream.getProtocol() === 'TLSv1.3' ? 'fin' : 'truncate');
    return false;
  }
  if (closeNotify !== undefined && stream.getProtocol() !== 'TLSv1.3') connection.hearsCloseNotifyBy(closeNotify);
  report({
    k: 'tls-secured',
    at: clock(),
    conn,
    version: stream.getProtocol() ?? 'unknown',
    cipher: stream.getCipher().name,
    sni,
    clientCertificate: stream.getPeerX509Certificate()?.fingerprint256 ?? null,
  });
  return connection.isOpen;
}

/** The socket itself, unless somebody looks at its bytes. */
function watched({ recorder, socket }: Connection, closeNotify: CloseNotifyWatch | undefined): Duplex {
  if (recorder === undefined && closeNotify === undefined) return socket;
  return new RecordedSocket(socket, (dir, bytes) => {
    recorder?.(dir, bytes);
    if (dir === 'up') closeNotify?.take(bytes);
  });
}

/** Only a listener that requires certificates pays for the detour. */
function makeWatch(socket: Duplex, { options }: TlsTerminator): CertificateWatch | undefined {
  const { clientCa, requestClientCert } = options;
  if (requestClientCert !== 'required' || clientCa === undefined) return undefined;
  return new CertificateWatch(socket, (certificate) => findClientFault(certificate, clientCa, Date.now()));
}

/** With TLS 1.3 the certificate is known only here. */
function clientFailure(stream: TLSSocket, { options }: TlsTerminator): HandshakeFailure | undefined {
  const certificate = stream.getPeerX509Certificate();
  if (options.requestClientCert !== 'required' || certificate === undefined) return undefined;
  const code = findClientFault(certificate, options.clientCa ?? '', Date.now());
  return code === undefined ? undefined : refusal(code);
}

function refusal(code: string): HandshakeFailure {
  return { code, message: `client certificate refused: ${code}` };
}
