import type { LineReceiver } from './line-transport.ts';

/** For tests: keeps what a transport delivers, and tells when there is enough of it. */
export class RecordingReceiver implements LineReceiver {
  readonly lines: string[] = [];
  readonly noises: string[] = [];
  readonly closings: string[] = [];
  readonly #looks = new Set<() => void>();

  line(bytes: Buffer): void {
    this.lines.push(bytes.toString());
    this.#look();
  }

  noise(_bytes: Buffer, length: number, why: string): void {
    this.noises.push(`${why} of ${length}`);
    this.#look();
  }

  closed(why: string): void {
    this.closings.push(why);
    this.#look();
  }

  /** Resolves when this has become true. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of this.#looks) look();
  }
}
