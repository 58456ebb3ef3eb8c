import type { FarEnd } from '../transport/memory.ts';

/** How often a line suffers each, 0 to 1. */
export interface Disturbance {
  readonly drop?: number;
  readonly flip?: number;
  readonly cut?: number;
  readonly duplicate?: number;
  /** 1 KiB of random bytes before the line. */
  readonly noise?: number;
  /** The same in the middle of the line. */
  readonly noiseInside?: number;
  /** One bit flipped in each n-th line. */
  readonly flipEvery?: number;
  /** The line arrives byte by byte. */
  readonly split?: number;
}

const LF = 0x0a;
const NOISE_BYTES = 1024;

/** For tests: a wire that mistreats whole lines in both directions, the same way for the same seed. */
export function disturbed(far: FarEnd, disturbance: () => Disturbance, seed: number): FarEnd {
  const random = randomOf(seed);
  const toShim = new Mistreater(disturbance, random);
  const toHost = new Mistreater(disturbance, random);
  return {
    send: (bytes) => toHost.pass(bytes, (piece) => far.send(piece)),
    listen: (onBytes) => far.listen((bytes) => toShim.pass(bytes, onBytes)),
    unplug: (why) => far.unplug(why),
  };
}

/** Numbers from 0 to below 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Passes a stream of bytes on, line by line, and mistreats some. */
export class Mistreater {
  readonly #disturbance: () => Disturbance;
  readonly #random: () => number;
  #rest = Buffer.alloc(0);
  #lines = 0;

  constructor(disturbance: () => Disturbance, random: () => number) {
    this.#disturbance = disturbance;
    this.#random = random;
  }

  pass(bytes: Buffer, next: (piece: Buffer) => void): void {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      this.#line(rest.subarray(0, end + 1), next);
      rest = rest.subarray(end + 1);
    }
    this.#rest = rest;
  }

  #line(line: Buffer, next: (piece: Buffer) => void): void {
    const { drop, duplicate, noise, split } = this.#disturbance();
    this.#lines += 1;
    if (this.#happens(drop)) return;
    if (this.#happens(noise)) next(this.#noise());
    const piece = this.#shape(line);
    if (this.#happens(split)) for (const byte of piece) next(Buffer.from([byte]));
    else next(piece);
    if (this.#happens(duplicate)) next(piece);
  }

  #shape(line: Buffer): Buffer {
    const { flip, flipEvery, cut, noiseInside } = this.#disturbance();
    const isNth = flipEvery !== undefined && this.#lines % flipEvery === 0;
    let shape = this.#happens(flip) || isNth ? this.#flipped(line) : line;
    if (this.#happens(noiseInside)) {
      const at = this.#place(shape);
      shape = Buffer.concat([shape.subarray(0, at), this.#noise(), shape.subarray(at)]);
    }
    return this.#happens(cut) ? shape.subarray(0, this.#place(shape)) : shape;
  }

  #place(line: Buffer): number {
    return Math.floor(this.#random() * line.length);
  }

  #happens(chance = 0): boolean {
    return chance > 0 && this.#random() < chance;
  }

  #flipped(line: Buffer): Buffer {
    const copy = Buffer.from(line);
    const at = this.#place(copy);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(this.#random() * 8));
    return copy;
  }

  #noise(): Buffer {
    return Buffer.from(Array.from({ length: NOISE_BYTES }, () => Math.floor(this.#random() * 256)));
  }
}
