import { expectations } from '../oracle/expectations/expectations.ts';
import type { FrameCount } from '../oracle/expectations/frame.ts';
import type { FramePattern } from '../oracle/expectations/frame-pattern.ts';
import type { IncomingExpected } from '../oracle/expectations/incoming.ts';
import type { HostHappening } from '../timeline/events.ts';
import type { Client } from './client.ts';
import type { ReturnedCall } from './returned-call.ts';

/** States what only this scenario can know. Each goes into the timeline as data and is judged there, beside the rules. */
export class Expect {
  readonly #append: (happening: HostHappening) => void;

  constructor(append: (happening: HostHappening) => void) {
    this.#append = append;
  }

  /** The call returned one of these. */
  returns(call: ReturnedCall, values: readonly number[], clause: string): void {
    this.#append(expectations.returns(call.token, values, clause));
  }

  /** The call returned this string. */
  text(call: ReturnedCall, text: string, clause: string): void {
    this.#append(expectations.text(call.token, text, clause));
  }

  /** The call got its callback, once, with one of these as status or err. */
  callback(call: ReturnedCall, results: readonly number[], clause: string): void {
    this.#append(expectations.callback(call.token, results, clause));
  }

  /** The call got no callback. */
  noCallback(call: ReturnedCall, clause: string): void {
    this.#append(expectations.noCallback(call.token, clause));
  }

  /** The client got so many exception callbacks. */
  exception(client: Client, count: number, clause: string): void {
    this.#append(expectations.exception(client.slot, count, clause));
  }

  /** The client got such messages. */
  incoming(client: Client, expected: Omit<IncomingExpected, 'slot'>, clause: string): void {
    this.#append(expectations.incoming({ slot: client.slot, ...expected }, clause));
  }

  /** So many frames of this scenario were like that. */
  frame(pattern: FramePattern, count: FrameCount, clause: string): void {
    this.#append(expectations.frame(pattern, count, clause));
  }

  /** The module opened no connection. */
  noConnection(clause: string): void {
    this.#append(expectations.noConnection(clause));
  }

  /** The TLS handshake failed, as the server saw it. */
  tlsFailed(clause: string): void {
    this.#append(expectations.tlsFailed(clause));
  }

  /** The fault or gate of that name fires; if it does not, the scenario is inconclusive. */
  faultFired(name: string, clause: string): void {
    this.#append(expectations.faultFired(name, clause));
  }
}
