import type { LinkHappening } from '../protocol/link-happening.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';

/** What the host asks of the module; secrets are digests, `link` is left out. */
export interface RequestNote {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly token?: number;
  readonly slot?: number;
}

/** A wait that is over. */
export interface WaitNote {
  readonly reason: string;
  readonly budgetMs: number;
  readonly takenMs: number;
  readonly ok: boolean;
}

/** Who reads along. Called in order, within the turn of the event loop in which it happens; must not throw. */
export interface SessionObserver {
  /** Each event exactly once, in the module's order. */
  event?(event: ModuleEvent): void;
  happening?(happening: LinkHappening): void;
  /** Before the request is written. The upkeep of the link (hello, acknowledgements, clock) is not told. */
  request?(note: RequestNote): void;
  wait?(note: WaitNote): void;
}
