import { rfc1071 } from '../rfc1071.ts';

const FLAG = 0x7e;
const ESCAPE = 0x7d;
/** A USB transfer of a whole number of these without a short packet after it is not delivered to an FDL. */
const USB_PACKET_BYTES = 64;

/**
 * One BSL frame between its flags: type and length big-endian, data, RFC 1071 checksum, all escaped.
 * @throws RangeError — more data than its length field can tell (65,535 bytes)
 */
export function encodeBslFrame(type: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  if (payload.length > 0xffff) throw new RangeError(`${payload.length} bytes do not fit a BSL frame`);
  const body = Buffer.allocUnsafe(payload.length + 6);
  body.writeUInt16BE(type, 0);
  body.writeUInt16BE(payload.length, 2);
  body.set(payload, 4);
  body.writeUInt16BE(rfc1071(body.subarray(0, -2)), body.length - 2);
  return escaped(body);
}

/** The same frame as it goes on USB: one more flag when its length is a multiple of 64, which the receiver skips. */
export function encodeBslFrameForUsb(type: number, payload?: Uint8Array): Buffer {
  const frame = encodeBslFrame(type, payload);
  return frame.length % USB_PACKET_BYTES === 0 ? Buffer.concat([frame, Buffer.of(FLAG)]) : frame;
}

/** By index, which is several times faster than an iterator: this is the inner loop of a flash. */
function escaped(body: Uint8Array): Buffer {
  // Counted first: a buffer of the exact length comes from Node's pool, one for the worst case does not.
  const frame = Buffer.allocUnsafe(body.length + countEscaped(body) + 2);
  let length = 0;
  frame[length++] = FLAG;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0;
    if (byte === FLAG || byte === ESCAPE) {
      frame[length++] = ESCAPE;
      frame[length++] = byte ^ 0x20;
    } else frame[length++] = byte;
  }
  frame[length] = FLAG;
  return frame;
}

function countEscaped(body: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < body.length; index++) if (body[index] === FLAG || body[index] === ESCAPE) count++;
  return count;
}
