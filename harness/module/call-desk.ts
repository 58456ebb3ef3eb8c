import type { Clock } from '../clock.ts';
import { isFailure } from '../errors.ts';
import type { CallMethod, CallParams } from '../protocol/methods.ts';
import { Call } from './call.ts';
import type { CallRegistry } from './call-registry.ts';
import type { Waits } from './waits.ts';

/** A call's arguments, the slot beside them. */
export type SlotCallParams<M extends CallMethod> = { readonly slot: number } & Omit<CallParams[M], 'slot'>;

export type BatchedCall = {
  readonly [M in CallMethod]: { readonly method: M; readonly params: SlotCallParams<M> };
}[CallMethod];

type Request = Readonly<Record<string, unknown>>;

export interface CallDeskOptions {
  readonly clock: Clock;
  readonly waits: Waits;
  readonly registry: CallRegistry;
  readonly budgetMs: number;
  /** Between two attempts at a full queue or a busy slot. */
  readonly pauseMs: number;
  readonly note: (method: CallMethod, params: Request) => void;
  readonly ask: (method: CallMethod, params: Request) => Promise<unknown>;
  readonly askBatch: (requests: readonly { method: CallMethod; params: Request }[]) => readonly Promise<unknown>[];
  /** Acknowledges what has come, so that the module's queue has room. */
  readonly acknowledge: () => Promise<unknown>;
}

interface Prepared {
  readonly call: Call;
  readonly method: CallMethod;
  readonly params: Request;
}

/** Gives calls their tokens and hands them to the module. */
export class CallDesk {
  readonly #options: CallDeskOptions;

  constructor(options: CallDeskOptions) {
    this.#options = options;
  }

  /** Resolves when the module has accepted the call. */
  async call<M extends CallMethod>(method: M, params: SlotCallParams<M>): Promise<Call> {
    // Registered before it is written: its events may come before the answer.
    const prepared = this.#prepare(method, params);
    try {
      await this.#accepted(prepared);
      return prepared.call;
    } catch (error) {
      this.#options.registry.remove(prepared.call);
      throw error;
    }
  }

  async batch(calls: readonly BatchedCall[]): Promise<readonly Call[]> {
    const prepared = calls.map(({ method, params }) => this.#prepare(method, params));
    await Promise.all(this.#options.askBatch(prepared.map(({ method, params }) => ({ method, params }))));
    return prepared.map(({ call }) => call);
  }

  /** The token and the ear for a call that the module will make by itself, as an armed reaction does. */
  expect(method: CallMethod, slot: number): Call {
    const { registry, waits } = this.#options;
    const call = new Call(registry.nextToken(), method, slot, waits);
    registry.add(call);
    return call;
  }

  #prepare(method: CallMethod, params: Request & { readonly slot: number }): Prepared {
    const call = this.expect(method, params.slot);
    const request = { ...params, token: call.token };
    this.#options.note(method, request);
    return { call, method, params: request };
  }

  async #accepted({ method, params }: Prepared): Promise<void> {
    const { clock, budgetMs, pauseMs, ask, acknowledge } = this.#options;
    const deadlineMs = clock.nowMs() + budgetMs;
    for (;;) {
      try {
        await ask(method, params);
        return;
      } catch (error) {
        if (!isFull(error) || clock.nowMs() >= deadlineMs) throw error;
        await acknowledge();
        // Nothing tells when the module has room again: it depends on calls and callbacks that nobody may be waiting for.
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}

function isFull(error: unknown): boolean {
  return isFailure(error, 'RPC_REFUSED') && (error.data.name === 'QUEUE_FULL' || error.data.name === 'BUSY');
}
