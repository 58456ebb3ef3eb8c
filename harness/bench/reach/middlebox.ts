import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { BrokerAddress } from './broker-side.ts';

/** First byte of a CONNECT, and of a TLS record with a ClientHello. */
export const CONNECT_BYTE = 0x10;
export const TLS_BYTE = 0x16;

const HERE = '127.0.0.1';

/** For tests: what a firewall or proxy between module and broker does, by the first byte that it is sent. */
export class Middlebox implements AsyncDisposable {
  readonly address: BrokerAddress;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param host another address of this machine than the broker's, which it leads to under the same port */
  static async open(host: string, judge: (firstByte: number) => 'pass' | 'keep' | 'reset'): Promise<Middlebox> {
    const server = createServer();
    server.listen({ host, port: 0 });
    await once(server, 'listening');
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    return new Middlebox(server, { host, listen: `${HERE}:${port}` }, port, judge);
  }

  private constructor(
    server: Server,
    address: BrokerAddress,
    port: number,
    judge: (firstByte: number) => 'pass' | 'keep' | 'reset',
  ) {
    this.#server = server;
    this.address = address;
    server.on('connection', (near) => {
      const far = connect({ host: HERE, port });
      for (const socket of [near, far]) this.#keep(socket);
      near.once('data', (chunk: Buffer) => {
        const verdict = judge(chunk[0] ?? 0);
        if (verdict === 'reset') near.resetAndDestroy();
        if (verdict !== 'pass') return;
        far.write(chunk);
        near.pipe(far);
      });
      far.pipe(near);
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined); // told by 'close'
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
