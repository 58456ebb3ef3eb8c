import type { BrokerEvent } from '../../broker/events.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';

/**
 * The timeline: everything that is known about one attempt of one scenario, in the order in which the host learnt it.
 *
 * Line 1 of the file is the header, every other line one event. Times (`at`) are ms since the header's `startedAt`, on the host's
 * clock; a module event's `at` is its own time carried over by the clock offset in force, uncertain by ±ε, and `heard` is when it arrived.
 * File order is causal from the broker to the module (a frame is logged before it is sent), not the other way round:
 * what the module stamped may be heard after the frame that it caused.
 */
export interface TimelineHeader {
  readonly schema: 'qlhil-timeline/1';
  readonly scenario: { readonly id: string; readonly title: string; readonly clauses: readonly string[] };
  readonly attempt: number;
  readonly module: ModuleIdentity;
  readonly seed: number;
  /** Bounds that rules hold the module to, ms. */
  readonly deadlines: Deadlines;
  /** Uncertainty of module times on the host's clock at the start, ms. */
  readonly epsilonMs: number;
  /** ISO 8601, the zero of `at`. */
  readonly startedAt: string;
}

export interface ModuleIdentity {
  /** The spec it was named by on the command line, e.g. `virtual:EC200U-CN`. */
  readonly spec: string;
  readonly sku: string;
  readonly model: string;
  readonly revision: string;
  /** Keyed hash and last four digits, never the number itself. */
  readonly imei: string;
  readonly shim: string;
  readonly sdk: string;
  readonly features: readonly string[];
}

export interface Deadlines {
  /** From a call that returned WOUNDBLOCK to its connection callback. */
  readonly connectMs: number;
  /** From a call that returned WOUNDBLOCK to its request or disconnect callback. */
  readonly requestMs: number;
  /** From call-begin to call-return. */
  readonly returnMs: number;
  /** From the end of a session to the TCP close by the module. */
  readonly closeMs: number;
  /** From an inbound packet to its answer. */
  readonly ackMs: number;
  /** From an unanswered PINGREQ to the exception callback, beyond 1.5 × keep-alive. */
  readonly pingMs: number;
  /** How long nothing must be heard before "nothing came" is said. */
  readonly quietMs: number;
}

export type FileContent = 'certificate' | 'key' | 'garbage' | 'nothing';

/** An event of the module as the timeline keeps it: `e` becomes `k`. */
type FromModule<E> = E extends { readonly e: infer K }
  ? Omit<E, 'e'> & { readonly k: K; readonly heard: number }
  : never;

export interface Stamp<S extends string> {
  /** Number of the event in this timeline, from 1. */
  readonly n: number;
  readonly at: number;
  readonly src: S;
}

export type ModuleTimelineEvent = FromModule<ModuleEvent> & Stamp<'module'>;
type WithStamp<E, S extends string> = E extends unknown ? Omit<E, 'at'> & Stamp<S> : never;
export type BrokerTimelineEvent = WithStamp<BrokerEvent, 'broker'>;
export type HostTimelineEvent = WithStamp<HostHappening, 'host'>;
export type TimelineEvent = ModuleTimelineEvent | BrokerTimelineEvent | HostTimelineEvent;
export type EventKind = TimelineEvent['k'];
export type EventOf<K extends EventKind> = Extract<TimelineEvent, { readonly k: K }>;

/** What the host did, waited for, expects or noticed. */
export type HostHappening =
  /** A request before it is written. `params` without link; secrets redacted. */
  | {
      readonly k: 'request';
      readonly method: string;
      readonly params: Readonly<Record<string, unknown>>;
      readonly token?: number;
      readonly slot?: number;
    }
  | {
      readonly k: 'wait';
      readonly reason: string;
      readonly budgetMs: number;
      readonly takenMs: number;
      readonly ok: boolean;
    }
  /** What only this scenario can know; judged like a rule. */
  | {
      readonly k: 'expect';
      readonly predicate: string;
      readonly params: Readonly<Record<string, unknown>>;
      readonly clause: string;
    }
  /** A characterised value. */
  | { readonly k: 'observe'; readonly clause: string; readonly name: string; readonly value: string | number | boolean }
  | { readonly k: 'measure'; readonly name: string; readonly unit: string; readonly value: number }
  /** Host time minus module time, ms, uncertain by ±ε; in the file, `at` minus `t`. */
  | { readonly k: 'clock'; readonly offsetMs: number; readonly epsilonMs: number; readonly driftPpm: number }
  | { readonly k: 'noise'; readonly hex: string; readonly length: number; readonly why: string }
  /** The port closed without having been asked to. What follows says whether anything was lost by it. */
  | { readonly k: 'port-lost'; readonly port: string; readonly why: string }
  | { readonly k: 'reopen'; readonly port: string; readonly link: number; readonly resumed: boolean }
  /** The module started again. `after`: before this attempt began, and after the last one of that scenario had ended. */
  | {
      readonly k: 'boot';
      readonly id: string;
      readonly cause: string;
      readonly announced: boolean;
      readonly after?: string;
    }
  /** Events that the module had to drop, by kind: the scenario is inconclusive. */
  | { readonly k: 'overflow'; readonly counts: Readonly<Record<string, number>> }
  /** What the listener on that port shows for a certificate: the clause that it does not live up to, null if none is known. */
  | {
      readonly k: 'server';
      readonly port: number;
      readonly identity: string;
      readonly flaw: string | null;
      readonly asksClient: boolean;
    }
  /** What a file of that name on the module holds from here on; of a certificate, its SHA-256 fingerprint. */
  | { readonly k: 'file'; readonly name: string; readonly holds: FileContent; readonly fingerprint?: string }
  /** The first or second of two situations that a metamorphic relation compares begins or ends. */
  | { readonly k: 'situation'; readonly relation: string; readonly nth: number; readonly act: 'begin' | 'end' }
  /** All that the module had said by `at` is above this line. */
  | { readonly k: 'sync' }
  | { readonly k: 'phase'; readonly phase: 'body' | 'epilogue' | 'end' }
  /** The rig, not the module, is in the way: the scenario is inconclusive. */
  | { readonly k: 'trouble'; readonly what: string };
