import type { Direction } from './events.ts';

/** Bytes as they pass a TCP connection, TLS records included: for captures, never for a verdict. */
export interface RawSegment {
  readonly at: number;
  readonly conn: number;
  readonly dir: Direction;
  readonly bytes: Buffer;
}
