/** Commands of the 8910 boot ROM. */
export const PDL_COMMAND = { CONNECT: 0, START_DATA: 4, MID_DATA: 5, END_DATA: 6, EXEC_DATA: 7 } as const;

export type PdlCommandName = keyof typeof PDL_COMMAND;

/** Answers by number, as the device counts them (PC tools leave out PACKET_ERROR and are off by one). */
export const PDL_RESPONSES = [
  'ACK',
  'PACKET_ERROR',
  'INVALID_CMD',
  'UNKNOWN_CMD',
  'INVALID_ADDR',
  'INVALID_BAUDRATE',
  'INVALID_PARTITION',
  'INVALID_SIZE',
  'WAIT_TIMEOUT',
  'VERIFY_ERROR',
  'CHECKSUM_ERROR',
  'OPERATION_FAILED',
  'DEVICE_ERROR',
] as const;

export const PDL_TAG = 0xae;
export const PDL_FLOW_ACK = 0xff;
export const PDL_FLOW_ERROR = 0xee;
export const PDL_HEADER_BYTES = 8;
/** A packet's command, address and size. */
export const PDL_COMMAND_BYTES = 12;
/** Image bytes in one MID_DATA. */
export const PDL_CHUNK_BYTES = 2048;

const START_MARK = Buffer.from('PDL1\0', 'latin1');
/** A constant that every known host sends; its meaning is unknown. */
const END_MARK = Buffer.of(0x1c, 0x3c, 0x6e, 0x06);

export const pdlConnect = (): Buffer => packet(PDL_COMMAND.CONNECT, 0, 0);
export const pdlStart = (address: number, sizeBytes: number): Buffer =>
  packet(PDL_COMMAND.START_DATA, address, sizeBytes, START_MARK);
export const pdlMid = (index: number, bytes: Uint8Array): Buffer =>
  packet(PDL_COMMAND.MID_DATA, index, bytes.length, bytes);
export const pdlEnd = (): Buffer => packet(PDL_COMMAND.END_DATA, 0, 0, END_MARK);
export const pdlExec = (): Buffer => packet(PDL_COMMAND.EXEC_DATA, 0, 0);

function packet(command: number, address: number, sizeBytes: number, tail: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(PDL_HEADER_BYTES + PDL_COMMAND_BYTES + tail.length);
  bytes[0] = PDL_TAG;
  bytes.writeUInt32LE(PDL_COMMAND_BYTES + tail.length, 1);
  bytes[5] = PDL_FLOW_ACK;
  bytes.writeUInt32LE(command, 8);
  bytes.writeUInt32LE(address, 12);
  bytes.writeUInt32LE(sizeBytes, 16);
  bytes.set(tail, 20);
  return bytes;
}

/** "VERIFY_ERROR" for 9; an unlisted number as "response 99". */
export function pdlResponseName(response: number): string {
  return PDL_RESPONSES[response] ?? `response ${response}`;
}
