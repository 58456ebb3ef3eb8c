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

function escaped(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(body.length * 2 + 2);
  let length = 0;
  frame[length++] = FLAG;
  for (const byte of body) {
    if (byte === FLAG || byte === ESCAPE) {
      frame[length++] = ESCAPE;
      frame[length++] = byte ^ 0x20;
    } else frame[length++] = byte;
  }
  frame[length++] = FLAG;
  return frame.subarray(0, length);
}
