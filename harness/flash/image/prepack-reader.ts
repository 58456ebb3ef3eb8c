import { refusePac } from '../refuse-pac.ts';

/** A file that FDL2 puts on the module's file system. */
export interface PrepackFile {
  /** Without a leading slash: FDL2 puts one before it. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes: Buffer;
}

export const CPIO_MAGIC = 0x71c7;
export const CPIO_HEADER_BYTES = 26;
export const CPIO_TRAILER = 'TRAILER!!!';
const FOLDER_BIT = 0x4000;
/** The longest file that FDL2 of the R03 generation takes. */
export const PREPACK_FILE_LIMIT_BYTES = 0x19_0000;
const NAME_LIMIT_BYTES = 173;
const MEMBER_LIMIT = 1024;

interface Member {
  readonly mode: number;
  readonly nameBytes: number;
  readonly fileBytes: number;
}

/** Reads an old binary little-endian cpio as it comes, as FDL2 does; holds one member at most. */
export class PrepackReader {
  #pending = Buffer.alloc(0);
  #members = 0;
  #ended = false;

  /** True once the trailer was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The files that these bytes complete. @throws HarnessError FLASH_PAC_INVALID — at the first member that breaks a rule */
  push(chunk: Uint8Array): readonly PrepackFile[] {
    if (this.#ended) return [];
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const files: PrepackFile[] = [];
    for (let file = this.#take(); file !== undefined; file = this.#take()) files.push(file);
    return files;
  }

  #take(): PrepackFile | undefined {
    if (this.#ended || this.#pending.length < CPIO_HEADER_BYTES) return undefined;
    const member = readMember(this.#pending);
    const dataAt = CPIO_HEADER_BYTES + even(member.nameBytes);
    const end = dataAt + even(member.fileBytes);
    if (this.#pending.length < end) return undefined;
    const name = this.#pending.toString('latin1', CPIO_HEADER_BYTES, CPIO_HEADER_BYTES + member.nameBytes - 1);
    const bytes = Buffer.from(this.#pending.subarray(dataAt, dataAt + member.fileBytes));
    this.#pending = this.#pending.subarray(end);
    if (name === CPIO_TRAILER) {
      this.#ended = true;
      return undefined;
    }
    if (++this.#members > MEMBER_LIMIT) refusePac('PREPACK in the PAC is refused', `more than ${MEMBER_LIMIT} members`);
    return { name: checkPrepackName(name), isFolder: (member.mode & FOLDER_BIT) !== 0, bytes };
  }
}

function readMember(bytes: Buffer): Member {
  if (bytes.readUInt16LE(0) !== CPIO_MAGIC)
    refusePac('PREPACK in the PAC is refused', 'a member does not start with C7 71');
  const nameBytes = bytes.readUInt16LE(20);
  const fileBytes = bytes.readUInt16LE(22) * 0x1_0000 + bytes.readUInt16LE(24);
  if (nameBytes < 2 || nameBytes > NAME_LIMIT_BYTES)
    refusePac('PREPACK in the PAC is refused', `a name of ${nameBytes} bytes`);
  if (fileBytes > PREPACK_FILE_LIMIT_BYTES)
    refusePac('PREPACK in the PAC is refused', `a file of ${fileBytes} bytes, more than ${PREPACK_FILE_LIMIT_BYTES}`);
  return { mode: bytes.readUInt16LE(6), nameBytes, fileBytes };
}

/** A name that stays below the root it is put under. @throws HarnessError FLASH_PAC_INVALID */
export function checkPrepackName(name: string): string {
  const parts = name.split('/');
  if (!/^[\x20-\x7e]+$/u.test(name) || /[\\:*?"<>|]/u.test(name))
    refusePac('PREPACK in the PAC is refused', `the name ${JSON.stringify(name)}`);
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    refusePac('PREPACK in the PAC is refused', `the path ${JSON.stringify(name)}`);
  return name;
}

function even(length: number): number {
  return length + (length & 1);
}
