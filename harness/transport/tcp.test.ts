import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import { RecordingReceiver } from './recording-receiver.ts';
import { tcpTransport } from './tcp.ts';

/** A server on loopback, and the port it listens on. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

test('lines pass over a connection in both directions', async () => {
  const { server, port } = await listen((socket) =>
    socket.on('data', (bytes) => socket.write(`echo ${bytes.toString()}`)),
  );
  const transport = tcpTransport('127.0.0.1', port);
  const receiver = new RecordingReceiver();
  await transport.open(receiver);

  transport.send('one\n');
  await receiver.until(() => receiver.lines.length === 1);

  expect(receiver.lines).toEqual(['echo one']);
  await transport.close();
  server.close();
});

test('a connection that the server ends is told once', async () => {
  const { server, port } = await listen((socket) => socket.end('bye\n'));
  const transport = tcpTransport('127.0.0.1', port);
  const receiver = new RecordingReceiver();

  await transport.open(receiver);
  await receiver.until(() => receiver.closings.length > 0);

  expect(receiver.lines).toEqual(['bye']);
  expect(receiver.closings).toHaveLength(1);
  server.close();
});

test('a server that is not there is told by its address', async () => {
  const { server, port } = await listen(() => undefined);
  server.close();
  await once(server, 'close');

  const error: unknown = await tcpTransport('127.0.0.1', port)
    .open(new RecordingReceiver())
    .catch((thrown: unknown) => thrown);

  expect(isFailure(error, 'PORT_LOST') && error.data).toEqual({ port: `tcp:127.0.0.1:${port}` });
});
