import type { ModuleSession } from '../module/session.ts';
import type { EnterEvent, EnterOf } from '../protocol/module-event.ts';

/** Every callback from its making on, in the module's order, for scenarios that count or compare them. */
export class HeardCallbacks implements Disposable {
  readonly #heard: EnterEvent[] = [];
  readonly #stop: () => void;

  constructor(session: ModuleSession) {
    this.#stop = session.observe({
      event: (event) => {
        if (event.e === 'enter') this.#heard.push(event);
      },
    });
  }

  get all(): readonly EnterEvent[] {
    return this.#heard;
  }

  /** The messages that were brought to a slot. */
  messages(slot: number): readonly EnterOf<'inpub'>[] {
    return this.#heard.filter((event) => event.cb === 'inpub').filter((event) => event.slot === slot);
  }

  /** The callback that carried this call's token. */
  answerTo(token: number): EnterEvent | undefined {
    return this.#heard.find((event) => 'arg' in event && event.arg === token);
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}
