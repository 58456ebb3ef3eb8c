/** Why a run ends before its last scenario. */
export type StopReason = 'interrupted' | 'terminated' | 'bail' | 'max-duration' | 'unwritable';

/** Asked for by a signal, by `--bail` or by `--max-duration`, or because the disk takes no more. The first reason counts, but a signal counts before the others. */
export class StopRequest {
  #reason: StopReason | undefined;
  readonly #listeners: ((reason: StopReason) => void)[] = [];

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  ask(reason: StopReason): void {
    if (this.#reason !== undefined && !isSignal(reason)) return;
    if (this.#reason !== undefined && isSignal(this.#reason)) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener(reason);
  }

  onAsked(listener: (reason: StopReason) => void): void {
    this.#listeners.push(listener);
    if (this.#reason !== undefined) listener(this.#reason);
  }
}

export function isSignal(reason: StopReason | undefined): reason is 'interrupted' | 'terminated' {
  return reason === 'interrupted' || reason === 'terminated';
}
