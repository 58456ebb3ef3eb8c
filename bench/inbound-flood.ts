import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { BenchModule } from './bench-module.ts';

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const TOPIC = 'flood';
const PAYLOAD_BYTES = 64;
const NUMBER_DIGITS = 8;
const BUDGET_MS = 60_000;

/** Has numbered QoS 0 messages sent to the module in windows of its queue's size, and counts the callbacks that the session tells. */
export async function inboundFlood(
  bench: BenchModule,
  messages: number,
): Promise<{ readonly perSecond: number; readonly wrong: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const socket = await connect(bench, server);
    const seen = new Uint8Array(messages);
    const began = performance.now();
    const { events: window } = bench.module.hello.queue;
    for (let sent = 0; sent < messages; sent += window) {
      const count = Math.min(window, messages - sent);
      const told = heard(bench, count, (number) => {
        seen[number] = (seen[number] ?? 0) + 1;
      });
      socket.write(Buffer.concat(Array.from({ length: count }, (_, index) => publish(sent + index))));
      await told;
    }
    const perSecond = (messages * 1000) / (performance.now() - began);
    await bench.module.sync(BUDGET_MS);
    const deinit = await bench.module.call('mqtt.deinit', { slot: 0 });
    await deinit.returned(BUDGET_MS);
    socket.destroy();
    return { perSecond, wrong: seen.filter((times) => times !== 1).length };
  } finally {
    server.close();
  }
}

async function connect({ module }: BenchModule, server: Server): Promise<Socket> {
  const { port } = addressOf(server);
  const accepted = once(server, 'connection');
  await module.batch([
    { method: 'mqtt.init', params: { slot: 0, cid: 1 } },
    { method: 'mqtt.set_inpub_callback', params: { slot: 0 } },
  ]);
  const host = `mqtt://127.0.0.1:${port}`;
  const call = await module.call('mqtt.connect', { slot: 0, host, info: { clientId: 'flood', keepAlive: 600 } });
  const [socket]: Socket[] = await accepted;
  if (socket === undefined) throw new Error('no connection came');
  socket.setNoDelay(true);
  await once(socket, 'data');
  socket.write(CONNACK);
  await call.entered('connect', BUDGET_MS);
  return socket;
}

/** Resolves when so many callbacks were told; each tells the number in its payload. */
function heard(bench: BenchModule, count: number, onNumber: (number: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    bench.onEvent = (event) => {
      if (event.e !== 'enter' || event.cb !== 'inpub' || event.payload === null) return;
      onNumber(Number(Buffer.from(event.payload.head.slice(0, 2 * NUMBER_DIGITS), 'hex').toString()));
      left -= 1;
      if (left === 0) resolve();
    };
  });
}

function publish(number: number): Buffer {
  const payload = String(number).padStart(NUMBER_DIGITS, '0').padEnd(PAYLOAD_BYTES, '.');
  const header = Buffer.from([0x30, 2 + TOPIC.length + PAYLOAD_BYTES, 0, TOPIC.length]);
  return Buffer.concat([header, Buffer.from(TOPIC + payload)]);
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address;
  throw new Error('the server does not listen');
}
