import type { TLSSocket } from 'node:tls';
import { errorCode, errorMessage } from '../error-code.ts';

export interface HandshakeFailure {
  readonly code: string;
  readonly message: string;
}

/** Waits for the end of a handshake. Never rejects: a handshake that fails is what many tests are about. */
export function finishHandshake(stream: TLSSocket): Promise<HandshakeFailure | 'secure'> {
  return new Promise((resolve) => {
    const finish = (result: HandshakeFailure | 'secure') => {
      stream.off('secure', onSecure);
      stream.off('error', onError);
      stream.off('end', onEnd);
      stream.off('close', onEnd);
      resolve(result);
    };
    const onSecure = () => finish('secure');
    const onError = (error: unknown) => finish({ code: errorCode(error), message: errorMessage(error) });
    const onEnd = () => finish({ code: 'ENDED', message: 'the connection ended inside the handshake' });
    stream.on('secure', onSecure);
    stream.on('error', onError);
    stream.on('end', onEnd);
    stream.on('close', onEnd);
  });
}
