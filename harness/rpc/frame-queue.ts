import type { Frame } from './frame.ts';

/** Frames that wait to be written, first in, first out; taking the first costs the same however many wait. */
export class FrameQueue {
  #frames: Frame[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.#head === this.#frames.length;
  }

  get first(): Frame | undefined {
    return this.#frames[this.#head];
  }

  add(frame: Frame): void {
    this.#frames.push(frame);
  }

  takeFirst(): void {
    this.#head += 1;
    if (this.#head < 1024 && !this.isEmpty) return;
    this.#frames = this.#frames.slice(this.#head);
    this.#head = 0;
  }

  /** Those that wait, in order. */
  waiting(): readonly Frame[] {
    return this.#frames.slice(this.#head);
  }

  /** Takes out those that match, in order. */
  takeAll(matches: (frame: Frame) => boolean): readonly Frame[] {
    if (this.isEmpty) return [];
    const waiting = this.waiting();
    const taken = waiting.filter((frame) => matches(frame));
    if (taken.length === 0) return taken;
    this.#frames = waiting.filter((frame) => !matches(frame));
    this.#head = 0;
    return taken;
  }
}
