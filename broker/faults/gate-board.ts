import type { BrokerEvent } from '../events.ts';
import type { FrameMatcher, FrameRef } from '../frame-matcher.ts';
import { Gate, type GateOptions } from './gate.ts';
import type { Verb } from './verb.ts';

/** The gates of one listener, asked in the order in which they were armed. */
export class GateBoard {
  readonly #report: (event: BrokerEvent) => void;
  readonly #clock: () => number;
  readonly #gates = new Set<Gate>();

  constructor(report: (event: BrokerEvent) => void, clock: () => number) {
    this.#report = report;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#gates.size === 0;
  }

  arm(matcher: FrameMatcher, verb: Verb, options: GateOptions = {}): Gate {
    const gate = new Gate(matcher, verb, options, {
      report: this.#report,
      clock: this.#clock,
      onClose: (closed) => this.#gates.delete(closed),
    });
    this.#gates.add(gate);
    return gate;
  }

  /** The gates that fire on this frame: passive ones, and at most one that acts, which ends the search. */
  firing(frame: FrameRef): readonly Gate[] {
    if (this.#gates.size === 0) return [];
    const firing: Gate[] = [];
    for (const gate of this.#gates) {
      if (!gate.wants(frame)) continue;
      firing.push(gate);
      if (!gate.isPassive) break;
    }
    for (const gate of this.#gates) gate.notice(frame);
    return firing;
  }

  close(): void {
    for (const gate of this.#gates) gate.close();
  }
}
