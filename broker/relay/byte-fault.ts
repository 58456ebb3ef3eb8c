import type { Direction } from '../events.ts';

/** Bytes to send on, after a pause. */
export interface Piece {
  readonly bytes: Buffer;
  readonly afterMs: number;
}

/** What a relay does with the raw bytes of one direction, below TLS and without knowing what they mean. */
export interface ByteFault {
  readonly name: string;
  /** Both directions when absent. */
  readonly dir?: Direction;
  /**
   * Made anew for each connection and direction. `offset` counts the bytes of that direction from 0; nothing in, or less
   * out than in, is allowed: what is not returned is swallowed.
   */
  start(): (bytes: Buffer, offset: number) => readonly Piece[];
}
