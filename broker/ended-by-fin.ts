import type { Socket } from 'node:net';
import { errorCode } from './error-code.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Calls back when the end that a socket has told of is a FIN. A reset fails the socket instead, with ECONNRESET.
 *
 * libuv tells of an end, too, when a reset comes together with the last bytes. To write nothing sends nothing, and is refused once
 * the connection has been reset.
 *
 * @param waitingBytes what waits to be sent: behind it the question would be answered too late, and the end is taken for a FIN
 */
export function ifEndedByFin(socket: Socket, waitingBytes: number, callback: () => void): void {
  if (!socket.writable || waitingBytes > 0) {
    callback();
    return;
  }
  socket.write(NOTHING, (error) => {
    // EPIPE: there was a FIN, and a reset after it.
    if (error == null || errorCode(error) !== 'ECONNRESET') callback();
  });
}
