import { TOKEN_MAX } from '../protocol/limits.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import type { Call } from './call.ts';

/** Calls whose events are handed on; the oldest are forgotten first. The timeline has every event in any case. */
const KEPT = 4096;

/** Finds the call that an event belongs to, by its token. */
export class CallRegistry {
  readonly #calls = new Map<number, Call>();
  #lastToken: number;

  /** @param base tokens rise from here, so that a ghost of an earlier session does not meet a call of this one */
  constructor(base: number) {
    this.#lastToken = base;
  }

  nextToken(): number {
    this.#lastToken = this.#lastToken >= TOKEN_MAX ? 1 : this.#lastToken + 1;
    return this.#lastToken;
  }

  add(call: Call): void {
    this.#calls.set(call.token, call);
    if (this.#calls.size <= KEPT) return;
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }

  remove(call: Call): void {
    this.#calls.delete(call.token);
  }

  clear(): void {
    this.#calls.clear();
  }

  hear(event: ModuleEvent): void {
    if (event.e === 'ret') this.#calls.get(event.token)?.hear(event);
    else if (event.e === 'enter' && event.cb !== 'exception') this.#calls.get(event.arg)?.hear(event);
  }
}
