import { HarnessError } from '../errors.ts';

interface Part {
  readonly base64: string;
  readonly size: number;
}

/** Puts together what the module gives in parts. @throws HarnessError PROTOCOL — a part is empty before the end */
export async function readAll(read: (offset: number) => Promise<Part>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const { base64, size } = await read(offset);
    const part = Buffer.from(base64, 'base64');
    parts.push(part);
    offset += part.length;
    if (offset >= size) return Buffer.concat(parts);
    if (part.length === 0) {
      throw new HarnessError('PROTOCOL', `nothing at ${offset} of ${size} bytes`, {
        saw: `an empty part at ${offset}`,
      });
    }
  }
}
