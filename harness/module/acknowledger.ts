import { HarnessError, isFailure } from '../errors.ts';
import type { EventStream } from './event-stream.ts';
import type { SessionTiming } from './session-timing.ts';

/** A notification goes out once this many events have come; the module keeps about 200. */
const ACK_EVERY = 32;

export interface AcknowledgerOptions {
  readonly stream: EventStream;
  readonly timing: SessionTiming;
  /** Acknowledges without an answer. */
  readonly notify: (upTo: number) => void;
  /** Acknowledges and asks for the newest sequence number. */
  readonly ask: (upTo: number) => Promise<{ readonly last: number }>;
  /** Asks for events again. */
  readonly resend: (from: number) => Promise<{ readonly from: number; readonly last: number }>;
  /** Whether a request would go out at once: upkeep never waits in line before the user's requests. */
  readonly hasRoom: () => boolean;
  /** Whether somebody waits for an event. */
  readonly isAwaited: () => boolean;
  /** Events are gone for good. */
  readonly onLoss: (what: string) => void;
}

/**
 * Keeps the module's event queue short and the host's copy whole: acknowledges what has come, notices what has not, asks for it again.
 */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  #sent = 0;
  #confirmed = 0;
  #polledMs = Number.NEGATIVE_INFINITY;
  #isPolling = false;
  #askedAgainMs = Number.NEGATIVE_INFINITY;
  #isAskingAgain = false;
  /** When the newest event was delivered, or a newer one became known. */
  #progressMs = 0;
  #lastSeen = 0;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  restart(): void {
    this.#sent = 0;
    this.#confirmed = 0;
    this.#lastSeen = 0;
  }

  /** After each line of events. */
  arrived(nowMs: number): void {
    const { stream, notify } = this.#options;
    this.#noteProgress(nowMs);
    if (stream.last - this.#sent >= ACK_EVERY) {
      this.#sent = stream.last;
      notify(stream.last);
    }
    this.#mendGap(nowMs);
  }

  tick(nowMs: number): void {
    this.#mendGap(nowMs);
    const { stream, timing, hasRoom, isAwaited } = this.#options;
    const isBusy = isAwaited() || stream.last > this.#confirmed;
    const pauseMs = isBusy ? timing.pollMs : timing.idlePollMs;
    if (this.#isPolling || nowMs - this.#polledMs < pauseMs || !hasRoom()) return;
    this.#polledMs = nowMs;
    this.#isPolling = true;
    void this.#poll(nowMs).finally(() => {
      this.#isPolling = false;
    });
  }

  async #poll(nowMs: number): Promise<void> {
    const { stream, ask } = this.#options;
    const upTo = stream.last;
    this.#sent = Math.max(this.#sent, upTo);
    try {
      const { last } = await ask(upTo);
      this.#confirmed = upTo;
      if (last > stream.last) this.#progressMs = Math.max(this.#progressMs, nowMs);
      stream.know(last);
    } catch (error) {
      ignoreWhileLinkIsDown(error);
    }
  }

  #noteProgress(nowMs: number): void {
    const { last } = this.#options.stream;
    if (last === this.#lastSeen) return;
    this.#lastSeen = last;
    this.#progressMs = nowMs;
  }

  /**
   * A hole (later events are there, an earlier one is not) is asked for at once; a tail that the module has numbered may still be on
   * its way, so it gets a while. Either is asked for again only when nothing has come since.
   */
  #mendGap(nowMs: number): void {
    const { stream, timing, hasRoom } = this.#options;
    if (!stream.hasGap || this.#isAskingAgain || !hasRoom()) return;
    const isQuiet = nowMs - Math.max(this.#progressMs, this.#askedAgainMs) >= timing.gapMs;
    const isFreshHole =
      stream.hasHole && this.#askedAgainMs < this.#progressMs && nowMs - this.#askedAgainMs >= timing.gapMs;
    if (!isQuiet && !isFreshHole) return;
    this.#askedAgainMs = nowMs;
    this.#isAskingAgain = true;
    void this.#askAgain(stream.last + 1).finally(() => {
      this.#isAskingAgain = false;
    });
  }

  async #askAgain(from: number): Promise<void> {
    const { stream, resend, onLoss } = this.#options;
    try {
      const answer = await resend(from);
      stream.know(answer.last);
      // Asked again after what was missing had come by another way, and was acknowledged, it is answered from behind that.
      const missing = stream.last + 1;
      if (answer.from <= missing) return;
      onLoss(`the module no longer has events ${missing} to ${answer.from - 1}`);
      stream.skipTo(answer.from);
    } catch (error) {
      ignoreWhileLinkIsDown(error);
    }
  }
}

/** Upkeep is tried again anyway; whoever waits for something learns of a broken link himself. */
function ignoreWhileLinkIsDown(error: unknown): void {
  if (error instanceof HarnessError && !isFailure(error, 'HARNESS_BUG')) return;
  throw error;
}
