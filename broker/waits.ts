import { BrokerError } from './broker-error.ts';

interface Pending {
  readonly reason: string;
  readonly reject: (error: Error) => void;
}

/** The waits on one thing that can close. Each has a budget and a reason; on close all that is left is rejected. */
export class Waits {
  readonly #pending = new Set<Pending>();
  #closedWhat: string | undefined;

  /**
   * Waits until `arm` calls back; what `arm` returns disarms it, whatever the end.
   * @throws BrokerError WAIT_EXPIRED — after `budgetMs`; CLOSED — when what is waited on is closed.
   */
  waitFor<T>(reason: string, budgetMs: number, arm: (done: (value: T) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closedWhat !== undefined) {
        reject(closed(this.#closedWhat, reason));
        return;
      }
      const finish = () => {
        clearTimeout(timer);
        this.#pending.delete(pending);
        // `arm` may call back before it returns: there is nothing to disarm then.
        disarm?.();
      };
      const pending: Pending = {
        reason,
        reject: (error) => {
          finish();
          reject(error);
        },
      };
      const expire = () =>
        pending.reject(new BrokerError('WAIT_EXPIRED', `${reason}: not within ${budgetMs} ms`, { reason, budgetMs }));
      const timer = setTimeout(expire, budgetMs);
      this.#pending.add(pending);
      let disarm: (() => void) | undefined;
      let isDone = false;
      disarm = arm((value) => {
        isDone = true;
        finish();
        resolve(value);
      });
      if (isDone) disarm();
    });
  }

  close(what: string): void {
    this.#closedWhat = what;
    for (const { reason, reject } of this.#pending) reject(closed(what, reason));
  }
}

function closed(what: string, reason: string): BrokerError {
  return new BrokerError('CLOSED', `${reason}: ${what} is closed`, { what });
}
