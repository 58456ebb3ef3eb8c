import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, type SecureVersion, TLSSocket } from 'node:tls';

/** A certificate with its chain, leaf first, and its key, all PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface TlsOptions {
  readonly identity: Identity;
  /** PEM of the authorities that client certificates must come from. */
  readonly clientCa?: string;
  /** `required` refuses the handshake without a valid certificate; `optional` only asks. */
  readonly requestClientCert?: 'none' | 'optional' | 'required';
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** OpenSSL cipher list. */
  readonly ciphers?: string;
  /** Without a server name in the ClientHello, the handshake ends with an unrecognized_name alert. */
  readonly sniRequired?: boolean;
  readonly alpn?: readonly string[];
  /** Tells with the module's FIN whether close_notify came before it; not with TLS 1.3. Costs a detour for each byte. */
  readonly watchesCloseNotify?: boolean;
}

const OLD_VERSIONS = new Set<SecureVersion | undefined>(['TLSv1', 'TLSv1.1']);

/** OpenSSL 3 has no signature algorithm for TLS 1.0 and 1.1 above this level, and would fail on our side. */
const OLD_CIPHERS = 'DEFAULT@SECLEVEL=0';

/** TLS for one listener: the context is made once, each connection wrapped by it. */
export class TlsTerminator {
  readonly options: TlsOptions;
  readonly #context: SecureContext;

  constructor(options: TlsOptions) {
    this.options = options;
    const { identity, clientCa, minVersion, maxVersion } = options;
    const ciphers = options.ciphers ?? (OLD_VERSIONS.has(minVersion ?? maxVersion) ? OLD_CIPHERS : undefined);
    this.#context = createSecureContext({
      cert: identity.cert,
      key: identity.key,
      ...(clientCa !== undefined && { ca: clientCa }),
      ...(minVersion !== undefined && { minVersion }),
      ...(maxVersion !== undefined && { maxVersion }),
      ...(ciphers !== undefined && { ciphers }),
    });
  }

  /** Starts the handshake on a connection whose first bytes have been put back. */
  wrap(socket: Duplex): TLSSocket {
    const { requestClientCert = 'none', alpn } = this.options;
    return new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#context,
      requestCert: requestClientCert !== 'none',
      // OpenSSL then refuses a client without a certificate; what is in a certificate is checked by us.
      rejectUnauthorized: requestClientCert === 'required',
      ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    });
  }
}
