import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { withResolvers } from '../rpc/with-resolvers.ts';
import type { WaitNote } from './session-observer.ts';

export interface WaitOptions {
  /** What is waited for, as it reads after "waited for": `the return of publish on slot 0`. */
  readonly reason: string;
  readonly budgetMs: number;
}

export interface Wait<T> {
  readonly promise: Promise<T>;
  settle(value: T): void;
  fail(error: Error): void;
}

interface Pending {
  readonly deadlineMs: number;
  expire(): void;
  fail(error: Error): void;
}

/** Everything that is waited for, each with a budget. One clock for all: no timer of its own for each. */
export class Waits {
  readonly #clock: Clock;
  readonly #onEnd: (note: WaitNote) => void;
  readonly #pending = new Set<Pending>();

  constructor(clock: Clock, onEnd: (note: WaitNote) => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** The promise fails with WAIT_EXPIRED when the budget is over. It may be left alone: that is no unhandled rejection. */
  begin<T>({ reason, budgetMs }: WaitOptions, onExpire?: () => void): Wait<T> {
    const startedMs = this.#clock.nowMs();
    const { promise, resolve, reject } = withResolvers<T>();
    promise.catch(() => undefined);
    const end = (ok: boolean): boolean => {
      if (!this.#pending.delete(pending)) return false;
      if (!ok) onExpire?.();
      this.#onEnd({ reason, budgetMs, takenMs: roundToUs(this.#clock.nowMs() - startedMs), ok });
      return true;
    };
    const fail = (error: Error): void => {
      if (end(false)) reject(error);
    };
    const pending: Pending = {
      deadlineMs: startedMs + budgetMs,
      expire: () => fail(expired(reason, budgetMs)),
      fail,
    };
    this.#pending.add(pending);
    return {
      promise,
      settle: (value) => {
        if (end(true)) resolve(value);
      },
      fail,
    };
  }

  tick(): void {
    const now = this.#clock.nowMs();
    for (const pending of this.#pending) if (now >= pending.deadlineMs) pending.expire();
  }

  failAll(error: Error): void {
    for (const pending of this.#pending) pending.fail(error);
  }
}

function expired(reason: string, budgetMs: number): HarnessError<'WAIT_EXPIRED'> {
  return new HarnessError('WAIT_EXPIRED', `waited ${budgetMs} ms for ${reason}`, { reason, budgetMs });
}

function roundToUs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
