import { X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';

const HANDSHAKE = 22;
const CHANGE_CIPHER_SPEC = 20;
const APPLICATION_DATA = 23;
const CERTIFICATE = 11;

/** RFC 5246, 7.2: the alerts that OpenSSL sends for these faults of a client certificate. */
const ALERTS: Readonly<Record<string, number>> = {
  CERT_HAS_EXPIRED: 45,
  CERT_NOT_YET_VALID: 42,
  CERT_SIGNATURE_FAILURE: 51,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 48,
};
const BAD_CERTIFICATE = 42;

/**
 * Reads the client's certificate on its way to OpenSSL, and refuses a bad one with an alert inside the handshake.
 *
 * Node's TLS takes any certificate and lets the application decide once the handshake is over: the client would then be
 * connected for a moment, which no other server does to it. Up to TLS 1.2 the certificate is sent in clear; with 1.3 this
 * sees nothing, and the decision falls after the handshake.
 */
export class CertificateWatch extends Duplex {
  /** Why the certificate was refused; never settles otherwise. */
  readonly refused: Promise<string>;
  readonly #socket: Duplex;
  readonly #findFault: (certificate: X509Certificate) => string | undefined;
  #records = Buffer.alloc(0);
  #handshake = Buffer.alloc(0);
  #isWatching = true;
  #refuse: (code: string) => void = () => undefined;

  constructor(socket: Duplex, findFault: (certificate: X509Certificate) => string | undefined) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#findFault = findFault;
    this.refused = new Promise((resolve) => {
      this.#refuse = resolve;
    });
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    if (this.#socket.write(chunk)) callback();
    else this.#socket.once('drain', callback);
  }

  override _final(callback: () => void): void {
    this.#socket.end();
    callback();
  }

  override _destroy(_error: Error | null, callback: (error: Error | null) => void): void {
    this.#socket.destroy();
    callback(null);
  }

  #take(chunk: Buffer): void {
    if (!this.#isWatching) {
      this.#pass(chunk);
      return;
    }
    this.#records = Buffer.concat([this.#records, chunk]);
    while (this.#isWatching && this.#records.length >= 5) {
      const end = 5 + this.#records.readUInt16BE(3);
      if (this.#records.length < end) return;
      const record = this.#records.subarray(0, end);
      this.#records = this.#records.subarray(end);
      this.#look(record);
    }
    if (!this.#isWatching && this.#records.length > 0) this.#pass(this.#records);
  }

  #look(record: Buffer): void {
    const type = record[0];
    const code = type === HANDSHAKE ? this.#faultIn(record.subarray(5)) : undefined;
    if (code !== undefined) {
      this.#isWatching = false;
      this.#records = Buffer.alloc(0);
      this.#socket.write(Buffer.from([21, 3, 3, 0, 2, 2, ALERTS[code] ?? BAD_CERTIFICATE]));
      this.#refuse(code);
      return;
    }
    // What follows is encrypted.
    if (type === CHANGE_CIPHER_SPEC || type === APPLICATION_DATA) this.#isWatching = false;
    this.#pass(record);
  }

  #pass(bytes: Buffer): void {
    if (!this.push(bytes)) this.#socket.pause();
  }

  #faultIn(fragment: Buffer): string | undefined {
    this.#handshake = Buffer.concat([this.#handshake, fragment]);
    while (this.#handshake.length >= 4) {
      const end = 4 + this.#handshake.readUIntBE(1, 3);
      if (this.#handshake.length < end) return undefined;
      const message = this.#handshake.subarray(0, end);
      this.#handshake = this.#handshake.subarray(end);
      if (message[0] === CERTIFICATE) return this.#faultOf(message.subarray(4));
    }
    return undefined;
  }

  /** RFC 5246, 7.4.6: a list of certificates, the client's own first; empty when it has none, which OpenSSL refuses itself. */
  #faultOf(list: Buffer): string | undefined {
    if (list.length < 6) return undefined;
    try {
      return this.#findFault(new X509Certificate(list.subarray(6, 6 + list.readUIntBE(3, 3))));
    } catch {
      // Not readable as a certificate: OpenSSL will say so.
      return undefined;
    }
  }
}
