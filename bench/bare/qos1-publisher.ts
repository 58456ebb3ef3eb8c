import { connect } from 'node:net';

const PAYLOAD = 'x'.repeat(64);
const TOPIC = 'bench/qos1';
/** With an empty client id, so that any number of them can run at once. */
const CONNECT = Buffer.from('\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00', 'latin1');
const ACK_BYTES = 4;

/** Publishes so many messages at QoS 1, at most `window` unacknowledged. Resolves to messages a second. */
export async function qos1Publisher(port: number, messages: number, window: number): Promise<number> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  let sent = 0;
  let heardBytes = 0;
  let startedMs = 0;
  const fill = () => {
    // The CONNACK has the length of a PUBACK.
    const acked = Math.floor(heardBytes / ACK_BYTES) - 1;
    const frames: Buffer[] = [];
    const until = acked < 0 ? 0 : Math.min(messages, acked + window);
    while (sent < until) {
      sent += 1;
      frames.push(publish(sent));
    }
    if (frames.length > 0) socket.write(Buffer.concat(frames));
    return acked;
  };
  const done = new Promise<number>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`closed after ${sent} messages`)));
    socket.on('data', (bytes) => {
      if (heardBytes === 0) startedMs = performance.now();
      heardBytes += bytes.length;
      if (fill() === messages) resolve((messages * 1000) / (performance.now() - startedMs));
    });
  });
  socket.write(CONNECT);
  try {
    return await done;
  } finally {
    socket.destroy();
  }
}

function publish(packetId: number): Buffer {
  const body = Buffer.from(`\0${String.fromCodePoint(TOPIC.length)}${TOPIC}\0\0${PAYLOAD}`, 'latin1');
  body.writeUInt16BE(packetId, 2 + TOPIC.length);
  return Buffer.concat([Buffer.from([0x32, body.length]), body]);
}
