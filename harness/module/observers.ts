import { type LinkHappening, type LinkNoise, NOISE_HEAD_BYTES } from '../protocol/link-happening.ts';
import type { MethodName } from '../protocol/methods.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import { redact } from './redact.ts';
import type { SessionObserver, WaitNote } from './session-observer.ts';

/** Everybody who reads along. */
export class Observers {
  readonly #observers = new Set<SessionObserver>();

  add(observer: SessionObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  event(event: ModuleEvent): void {
    for (const observer of this.#observers) observer.event?.(event);
  }

  happening(happening: LinkHappening): void {
    for (const observer of this.#observers) observer.happening?.(happening);
  }

  wait(note: WaitNote): void {
    for (const observer of this.#observers) observer.wait?.(note);
  }

  /** Takes the secrets out before anybody sees it. */
  request(method: MethodName, params: Readonly<Record<string, unknown>>): void {
    if (this.#observers.size === 0) return;
    const { slot, token } = params;
    const note = {
      method,
      params: redact(params),
      ...(typeof token === 'number' ? { token } : {}),
      ...(typeof slot === 'number' ? { slot } : {}),
    };
    for (const observer of this.#observers) observer.request?.(note);
  }

  noise(bytes: Buffer, length: number, why: LinkNoise): void {
    this.happening({ k: 'noise', hex: bytes.toString('hex', 0, NOISE_HEAD_BYTES), length, why });
  }

  trouble(what: string): void {
    this.happening({ k: 'trouble', what });
  }
}
