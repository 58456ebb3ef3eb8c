import type { Decoded } from './frame/decode.ts';

export interface LaneItem {
  readonly bytes: Buffer;
  /** Number of the frame that it came from. */
  readonly frame: number;
  /** The peer's own frame; else something that a script or a fault made. */
  readonly isOwn: boolean;
  /** What the bytes are, when they are one frame that has been read already. */
  readonly decoded?: Decoded;
}

interface Waiting {
  readonly item: LaneItem;
  isReady: boolean;
}

const NOTHING_TO_DO = (): void => undefined;

/** One direction of one connection: first in, first out; an item that is not ready holds up all behind it. */
export class Lane {
  readonly #sink: (item: LaneItem) => void;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #isClosed = false;

  constructor(sink: (item: LaneItem) => void) {
    this.#sink = sink;
  }

  /** Bytes that wait behind an item that is not ready. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Returns what makes the item ready. */
  enqueue(item: LaneItem, isReady: boolean): () => void {
    if (this.#isClosed) return NOTHING_TO_DO;
    if (isReady && this.#queue.length === 0) {
      this.#sink(item);
      return NOTHING_TO_DO;
    }
    const waiting: Waiting = { item, isReady };
    this.#queue.push(waiting);
    this.#queuedBytes += item.bytes.length;
    return () => {
      waiting.isReady = true;
      this.#drain();
    };
  }

  /** Forgets what waits. */
  close(): void {
    this.#isClosed = true;
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  #drain(): void {
    for (let [head] = this.#queue; head?.isReady === true; [head] = this.#queue) {
      this.#queue.shift();
      this.#queuedBytes -= head.item.bytes.length;
      this.#sink(head.item);
    }
  }
}
