import { appendFileSync, chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';

const schema = v.object({
  /** Unix time, ms. */
  atMs: v.number(),
  pid: v.number(),
  /** `pin` is whoever else resets the module from outside; `data-call` is an attach without a reset. */
  by: v.picklist(['rpc', 'at', 'pin', 'power', 'data-call']),
  why: v.string(),
});

/** Something that was done to a module, and that wears it: each start and each attach to the network. */
export type Wear = Readonly<v.InferOutput<typeof schema>>;

export const HOUR_MS = 3_600_000;

/**
 * What was done to a module, by whomever, beside its lock. Whoever resets a module from outside writes it here first: its budgets are
 * counted from it, and a start that it explains is no crash.
 */
export class WearLog {
  readonly #path: string | null;
  readonly #unwritten: Wear[] = [];

  /** @param path null keeps it in memory: a virtual module does not wear */
  constructor(path: string | null) {
    this.#path = path;
  }

  note(by: Wear['by'], why: string): void {
    const wear = { atMs: Date.now(), pid: process.pid, by, why };
    if (this.#path === null) return void this.#unwritten.push(wear);
    const isFresh = !existsSync(this.#path);
    appendFileSync(this.#path, `${JSON.stringify(wear)}\n`);
    if (isFresh) chmodSync(this.#path, 0o666); // as with the lock: the next may be another user
  }

  /** Of the last hour, oldest first. */
  read(): readonly Wear[] {
    const oldestMs = Date.now() - HOUR_MS;
    return this.#all().filter(({ atMs }) => atMs > oldestMs);
  }

  /** Drops what is older than an hour. For whoever holds the module's lock. */
  prune(): void {
    if (this.#path === null || !existsSync(this.#path)) return;
    const kept = this.read();
    if (kept.length === this.#all().length) return;
    const fresh = `${this.#path}.${process.pid}.new`;
    writeFileSync(fresh, kept.map((wear) => `${JSON.stringify(wear)}\n`).join(''));
    chmodSync(fresh, 0o666);
    renameSync(fresh, this.#path);
  }

  #all(): readonly Wear[] {
    if (this.#path === null) return this.#unwritten;
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    return lines.flatMap((line) => {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), line);
      return parsed.success ? [parsed.output] : []; // a line that was cut short
    });
  }
}
