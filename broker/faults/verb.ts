import type { FrameRef } from '../frame-matcher.ts';

/** What a gate does with the frames that it matches. */
export interface Verb {
  readonly name: string;
  /** Only looks: the frame goes on to the next gate. */
  readonly isPassive?: boolean;
  /** The frame does not go on at once in its own shape; a `down` frame is then reported as held first. */
  readonly keeps?: boolean;
  act(passage: Passage): void;
}

/** One matched frame in the hands of a verb. If the verb does nothing, the frame is gone. */
export interface Passage {
  readonly frame: FrameRef;
  /** Sends the frame on, behind all that is in front of it in its direction. */
  pass(): void;
  /** As `pass`, with other bytes: none, one frame, several, or a part of one. */
  passAs(bytes: Buffer): void;
  /** Keeps the frame's place: what comes after it in its direction waits until the returned function is called. */
  stall(): () => void;
  /** Puts the frame aside until the gate releases it; what comes after it goes on. */
  setAside(): void;
  /** How many frames the gate has set aside. */
  asideCount(): number;
  /** Lets the frames go that are set aside, in this order: indexes into them. */
  release(order?: readonly number[]): void;
  /** Writes exact bytes to the module at once. */
  toModule(bytes: Buffer): void;
  /** Calls back after a time, unless the connection or the gate closes before. */
  later(delayMs: number, callback: () => void): void;
}
