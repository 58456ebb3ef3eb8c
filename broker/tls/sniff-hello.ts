import type { Socket } from 'node:net';
import { type ClientHello, readClientHello } from './client-hello.ts';

/** A ClientHello that is longer is none. */
const LONGEST_HELLO_BYTES = 1 << 16;

/**
 * Reads the start of a connection until its ClientHello is whole, and puts all bytes back.
 * Resolves to `other` when something else comes, and to `ended` when the connection ends before.
 */
export function sniffHello(socket: Socket): Promise<ClientHello | 'other' | 'ended'> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const finish = (result: ClientHello | 'other' | 'ended') => {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      socket.pause();
      if (seen.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(seen);
      resolve(result);
    };
    const onEnd = () => finish('ended');
    const onData = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const hello = readClientHello(seen);
      if (hello === 'incomplete' && seen.length < LONGEST_HELLO_BYTES) return;
      finish(hello === 'incomplete' ? 'other' : hello);
    };
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
  });
}
