/** Frame types of BSL that a host sends to an 8910 FDL. */
export const BSL_COMMAND = {
  CONNECT: 0x00,
  START_DATA: 0x01,
  MIDST_DATA: 0x02,
  END_DATA: 0x03,
  EXEC_DATA: 0x04,
  NORMAL_RESET: 0x05,
  READ_FLASH: 0x06,
  CHANGE_BAUD: 0x09,
  ERASE_FLASH: 0x0a,
  REPARTITION: 0x0b,
  POWER_OFF: 0x17,
  ENABLE_DEBUG_MODE: 0x25,
} as const;

/** Frame types that an FDL answers with: those that an 8910 can send, and their neighbours so that an error has a name. */
export const BSL_REPLY = {
  ACK: 0x80,
  VER: 0x81,
  INVALID_CMD: 0x82,
  UNKNOWN_CMD: 0x83,
  OPERATION_FAILED: 0x84,
  NOT_SUPPORT_BAUDRATE: 0x85,
  DOWN_NOT_START: 0x86,
  DOWN_MULTI_START: 0x87,
  DOWN_EARLY_END: 0x88,
  DOWN_DEST_ERROR: 0x89,
  DOWN_SIZE_ERROR: 0x8a,
  VERIFY_ERROR: 0x8b,
  NOT_VERIFY: 0x8c,
  NOT_ENOUGH_MEMORY: 0x8d,
  READ_FLASH: 0x93,
  INCOMPATIBLE_PARTITION: 0x96,
  WRITE_ERROR: 0xa2,
  SEC_VERIFY_ERROR: 0xaa,
  UNSUPPORTED_COMMAND: 0xfe,
  LOG: 0xff,
} as const;

export type BslCommandName = keyof typeof BSL_COMMAND;

const replyNames = new Map<number, string>(Object.entries(BSL_REPLY).map(([name, type]) => [type, name]));

/** "VERIFY_ERROR" for 0x8B; an unlisted type as "0xB4". */
export function bslReplyName(type: number): string {
  return replyNames.get(type) ?? `0x${type.toString(16).toUpperCase().padStart(2, '0')}`;
}
