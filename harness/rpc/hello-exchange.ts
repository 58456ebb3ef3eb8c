import type { MethodParams } from '../protocol/methods.ts';
import type { Answer } from './answer.ts';
import { refusalError } from './refusal-error.ts';
import { timeoutError } from './timeout-error.ts';

/** One hello and its answer. It stands outside of link and window, and is never repeated under the same id. */
export class HelloExchange {
  readonly id: number;
  /** The result. @throws HarnessError RPC_TIMEOUT, RPC_REFUSED */
  readonly answer: Promise<unknown>;
  readonly #nonce: string;
  #resolve: (result: unknown) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(id: number, { nonce }: MethodParams['hello'], budgetMs: number) {
    this.id = id;
    this.#nonce = nonce;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.fail(timeoutError('hello', budgetMs)), budgetMs);
  }

  /** False for an answer that carries another nonce: it is a ghost's, and is dropped. */
  take(answer: Answer): boolean {
    if ('error' in answer) this.fail(refusalError('hello', answer.error));
    else if (nonceOf(answer.result) !== this.#nonce) return false;
    else {
      clearTimeout(this.#timer);
      this.#resolve(answer.result);
    }
    return true;
  }

  fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}

function nonceOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'nonce' in result ? result.nonce : undefined;
}
