import type { LinkHappening } from '../protocol/link-happening.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import { linkedPair } from '../transport/memory.ts';
import { type Disturbance, disturbed } from './disturbed.ts';
import { FakeShim, type FakeShimOptions } from './fake-shim.ts';
import { ModuleSession, type SessionOptions } from './session.ts';
import type { RequestNote, WaitNote } from './session-observer.ts';

/** Short enough for tests that wait for something to be late; nothing in them depends on the numbers. */
export const TEST_TIMING = {
  resendAfterMs: 20,
  helloMs: 40,
  reopenPauseMs: 2,
  pollMs: 20,
  idlePollMs: 40,
  gapMs: 10,
  tickMs: 5,
} as const;

export interface FakeModuleOptions extends FakeShimOptions {
  readonly disturbance?: Disturbance;
  readonly seed?: number;
}

/** For tests: a fake shim, a wire for each opening of its port, and everything that a session tells. */
export class FakeModule {
  readonly shim: FakeShim;
  readonly events: ModuleEvent[] = [];
  readonly happenings: LinkHappening[] = [];
  readonly requests: RequestNote[] = [];
  readonly waits: WaitNote[] = [];
  openings = 0;
  /** Called with each new wire, e.g. to pull the plug at once. */
  onOpen: (() => void) | undefined;
  disturbance: Disturbance;
  readonly #seed: number;
  readonly #looks = new Set<() => void>();

  constructor({ disturbance = {}, seed = 1, ...options }: FakeModuleOptions = {}) {
    this.disturbance = disturbance;
    this.#seed = seed;
    this.shim = new FakeShim(options);
  }

  readonly factory = () => {
    this.openings += 1;
    const { near, far } = linkedPair();
    this.shim.attach(disturbed(far, () => this.disturbance, this.#seed * 1000 + this.openings));
    this.onOpen?.();
    return near;
  };

  open(options: Partial<SessionOptions> = {}): Promise<ModuleSession> {
    const note = <T>(list: T[]) => {
      return (one: T): void => {
        list.push(one);
        for (const look of this.#looks) look();
      };
    };
    const observer = {
      event: note(this.events),
      happening: note(this.happenings),
      request: note(this.requests),
      wait: note(this.waits),
    };
    return ModuleSession.open({ transport: this.factory, observer, timing: TEST_TIMING, ...options });
  }

  /** Resolves when what the session tells makes this true. */
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

  happened<K extends LinkHappening['k']>(k: K): readonly Extract<LinkHappening, { readonly k: K }>[] {
    return this.happenings.filter((one): one is Extract<LinkHappening, { readonly k: K }> => one.k === k);
  }
}
