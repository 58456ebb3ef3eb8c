import type { Packet } from '../../broker/events.ts';
import type { ClauseKind } from '../run/outcome.ts';
import { isTimelineEvent } from '../timeline/event-shape.ts';
import type { EventOf, TimelineEvent, TimelineHeader } from '../timeline/events.ts';
import { createJudge } from './judge.ts';
import { byteSummary, connackPacket, connectPacket, textSummary } from './packets.ts';
import type { AnyRule } from './rule.ts';
import type { Verdict } from './verdict.ts';

/** Test support: timelines as short as a rule needs them. */
export const TRACE_HEADER: TimelineHeader = {
  schema: 'qlhil-timeline/1',
  scenario: { id: 'trace/built', title: 'a built trace', clauses: [] },
  attempt: 1,
  module: {
    spec: 'virtual',
    sku: 'EG500U-CN',
    model: 'EG500U-CN',
    revision: 'R1',
    imei: '-',
    shim: '0.1.0',
    sdk: 'r03',
    features: [],
  },
  seed: 1,
  deadlines: {
    connectMs: 1000,
    requestMs: 1000,
    returnMs: 500,
    closeMs: 200,
    ackMs: 200,
    pingMs: 300,
    quietMs: 100,
  },
  epsilonMs: 5,
  startedAt: '2026-01-01T00:00:00.000Z',
};

type Members = Readonly<Record<string, unknown>>;

export interface FrameOptions {
  readonly conn?: number;
  readonly length?: number;
  readonly held?: boolean;
  readonly injected?: boolean;
  readonly lint?: readonly { readonly clause: string; readonly says: string }[];
  readonly defects?: readonly { readonly clause: string; readonly says: string }[];
}

export interface EnterOptions {
  readonly slot?: number;
  readonly handle?: number;
  readonly client?: 'same' | 'other' | 'foreign' | 'null';
  readonly task?: number;
}

const HANDLE = 1;

/** Appends events, each at the given time in ms; every method answers with the trace, `last` is the newest event's number. */
export class Trace {
  readonly events: TimelineEvent[] = [];
  #seq = 0;
  readonly #frames = new Map<string, number>();

  get last(): number {
    return this.events.length;
  }

  /** The host asks for a call. */
  request(at: number, fn: string, token: number, params: Members = {}): this {
    return this.host(at, { k: 'request', method: `mqtt.${fn}`, token, slot: 0, params: { slot: 0, ...params, token } });
  }

  begin(at: number, fn: string, token: number, members: Members = {}): this {
    return this.module(at, { k: 'call', fn, token, slot: 0, task: 1, ...members });
  }

  ret(at: number, fn: string, token: number, ret: number, members: Members = {}): this {
    return this.module(at, { k: 'ret', fn, token, slot: 0, task: 1, ret, handle: HANDLE, ...members });
  }

  /** A whole call: asked for, begun and returned within a millisecond. */
  call(at: number, fn: string, token: number, ret: number, params: Members = {}): this {
    const slot = params['slot'] ?? 0;
    return this.request(at, fn, token, params)
      .begin(at + 0.5, fn, token, { slot })
      .ret(at + 1, fn, token, ret, { slot });
  }

  /** A callback with a result: a connection callback's status or another's err. */
  enter(
    at: number,
    cb: 'connect' | 'request' | 'disconnect',
    arg: number,
    result: number,
    options: EnterOptions = {},
  ): this {
    const carried = cb === 'connect' ? { status: result } : { err: result };
    return this.module(at, { k: 'enter', cb, arg, ...carried, ...callbackStamp(options) });
  }

  exception(at: number, options: EnterOptions = {}): this {
    return this.module(at, { k: 'enter', cb: 'exception', ...callbackStamp(options) });
  }

  incoming(
    at: number,
    arg: number,
    message: { topic?: string; payload?: string; pktId?: number } = {},
    options: EnterOptions = {},
  ): this {
    const { topic = 'a/b', payload = 'hello', pktId = 0 } = message;
    return this.module(at, {
      k: 'enter',
      cb: 'inpub',
      arg,
      pktId,
      topic: textSummary(topic),
      payload: byteSummary(payload),
      ...callbackStamp(options),
    });
  }

  open(at: number, conn = 1, port = 1883): this {
    return this.broker(at, {
      k: 'tcp-open',
      conn,
      listener: 'main',
      port,
      remote: { address: '127.0.0.1', port: 40000 + conn },
    });
  }

  /** A packet from the module. */
  up(at: number, packet: Packet, options: FrameOptions = {}): this {
    return this.#frame(at, 'up', packet, options);
  }

  /** A packet to the module. */
  down(at: number, packet: Packet, options: FrameOptions = {}): this {
    return this.#frame(at, 'down', packet, options);
  }

  fin(at: number, dir: 'up' | 'down', conn = 1): this {
    return this.broker(at, { k: 'fin', conn, dir });
  }

  close(at: number, by: 'module' | 'broker', conn = 1): this {
    return this.broker(at, { k: 'tcp-close', conn, by, how: 'fin' });
  }

  /** Nothing more of the module up to then. */
  sync(at: number): this {
    return this.host(at, { k: 'sync' });
  }

  host(at: number, members: Members): this {
    return this.#append(at, 'host', members);
  }

  broker(at: number, members: Members): this {
    return this.#append(at, 'broker', members);
  }

  module(at: number, members: Members): this {
    this.#seq += 1;
    return this.#append(at, 'module', { seq: this.#seq, t: Math.max(0, at), heard: at, ...members });
  }

  #frame(at: number, dir: 'up' | 'down', packet: Packet, { conn = 1, lint = [], ...options }: FrameOptions): this {
    const side = `${conn} ${dir}`;
    const frame = (this.#frames.get(side) ?? 0) + 1;
    this.#frames.set(side, frame);
    return this.broker(at, { k: 'frame', conn, dir, frame, length: 2, hex: '', packet, lint, ...options });
  }

  #append(at: number, src: string, members: Members): this {
    const event: unknown = { n: this.events.length + 1, at, src, ...members };
    if (!isTimelineEvent(event)) throw new TypeError(`no event: ${JSON.stringify(event)}`);
    this.events.push(event);
    return this;
  }
}

/** Slot 0 initialised by call 1 at 0 ms. */
export function initialisedTrace(): Trace {
  return new Trace().call(0, 'init', 1, 0);
}

/** Slot 0 connected by call 2 over connection 1: connection callback at 30 ms. */
export function connectedTrace(info: Members = {}): Trace {
  return initialisedTrace()
    .call(10, 'connect', 2, -2, {
      host: 'mqtt://127.0.0.1:1883',
      info: { clientId: 'bench', cleanSession: 1, ...info },
    })
    .open(15)
    .up(20, connectPacket())
    .down(25, connackPacket())
    .enter(30, 'connect', 2, 0);
}

/**
 * Judges a trace that is closed by a `sync` (left out: at the last event) and the end of the scenario.
 *
 * @throws Error — if a rule says something else when it is asked about all events, those that do not open its slices or that it is spared
 */
export function judgeTrace(rules: readonly AnyRule[], trace: Trace, kind: ClauseKind = 'specified'): Verdict {
  const at = trace.events.at(-1)?.at ?? 0;
  const { events } = trace.host(at, { k: 'phase', phase: 'end' });
  const verdict = judgeAll(rules, events, kind);
  const asked = rules.map((rule): AnyRule => ({ ...rule, opens: undefined, spared: undefined }));
  if (textOf(verdict) !== textOf(judgeAll(asked, events, kind)))
    throw new Error(
      `what opens ${rules.map(({ id }) => id).join(', ')} is more than it says, or what it is spared matters`,
    );
  return verdict;
}

/** What was found and how often rules were exercised, in whatever order they were. */
function textOf({ exercised, clausesExercised, ...others }: Verdict): string {
  const sorted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ ...others, exercised: sorted(exercised), clausesExercised: sorted(clausesExercised) });
}

function judgeAll(rules: readonly AnyRule[], events: readonly TimelineEvent[], kind: ClauseKind): Verdict {
  const judge = createJudge(TRACE_HEADER, rules, () => kind);
  for (const event of events) judge.see(event);
  return judge.end();
}

/** The findings' event numbers, which say at a glance what was found. */
export function proofs(verdict: Verdict): readonly (readonly number[])[] {
  return verdict.findings.map(({ events }) => events);
}

/** Events of one kind, e.g. to name one in an expectation. */
export function eventsOf<K extends TimelineEvent['k']>(trace: Trace, kind: K): readonly EventOf<K>[] {
  return trace.events.filter((event): event is EventOf<K> => event.k === kind);
}

function callbackStamp({ slot = 0, handle = HANDLE, client = 'same', task = 2 }: EnterOptions): Members {
  return { slot, handle, client, task };
}
