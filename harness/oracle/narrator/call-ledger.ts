import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { SmallMap } from '../small-map.ts';
import type { Mutable } from './mutable.ts';
import { findAskedPacket } from './packet-of-call.ts';

export type OpenCall = Mutable<Omit<CallRecord, 'callbacks' | 'acks'>> & {
  callbacks: EventOf<'enter'>[];
  acks: EventOf<'frame'>[];
};

/** So many calls are known, and beyond them those that are not over yet, up to a bound that no module reaches. */
const CALLS_KEPT = 256;
const CALLS_MOST = 1024;
/** Of the oldest calls so many are looked at for each new one. */
const LOOKED_AT = 4;
const PREFIX = 'mqtt.';

/** The calls by token, the newest of them and those that are not over. */
export class CallLedger {
  readonly #calls = new SmallMap<number, OpenCall>();
  /** Calls of reactions that are armed for more than one time, all under one token. */
  readonly #repeats = new Map<number, OpenCall[]>();

  find(token: number): OpenCall | undefined {
    return this.#calls.get(token);
  }

  /** The calls that a request asks for: its own, or those of a batch or an armed reaction. */
  request(event: EventOf<'request'>): readonly OpenCall[] {
    const calls: OpenCall[] = [];
    for (const asked of callsOf(event)) {
      calls.push(this.#keep(open(asked, event)));
      const times = timesOf(event);
      if (times === 1) continue;
      const repeats = Array.from({ length: times - 1 }, () => open(asked, event));
      this.#repeats.set(asked.token, [...repeats]);
      calls.push(...repeats);
    }
    return calls;
  }

  /** A call begins. One that nobody asked for has a record of its own. */
  begin(event: EventOf<'call'>): OpenCall {
    const { token, fn, slot } = event;
    const known = this.#calls.get(token);
    const isAwaited = known !== undefined && known.begin === undefined;
    const repeat = isAwaited ? undefined : this.#repeats.get(token)?.shift();
    const asked = { token, fn, params: known?.params ?? { slot } };
    const call = isAwaited ? known : this.#keep(repeat ?? open(asked, known?.request));
    call.begin = event;
    return call;
  }

  #keep(call: OpenCall): OpenCall {
    this.#calls.delete(call.token);
    this.#calls.set(call.token, call);
    this.#forgetOldest();
    return call;
  }

  #forgetOldest(): void {
    for (let looked = 0; looked < LOOKED_AT && this.#calls.size > CALLS_KEPT; looked += 1) {
      const oldest = this.#calls.takeOldest();
      if (oldest === undefined) return;
      if (isOver(oldest) || this.#calls.size >= CALLS_MOST) this.#repeats.delete(oldest.token);
      else this.#calls.set(oldest.token, oldest);
    }
  }
}

/** Whether nothing more is heard of a call of a sound module. */
function isOver(call: OpenCall): boolean {
  if (call.begin === undefined || call.returned === undefined) return false;
  return call.returned.ret !== WOUNDBLOCK || call.callbacks.length > 0 || findCallbackKind(call) === undefined;
}

const MOST_REPEATS = 256;

type Params = CallRecord['params'];

interface Asked {
  readonly token: number;
  readonly fn: string;
  readonly params: Params;
}

function open({ token, fn, params }: Asked, request: EventOf<'request'> | undefined): OpenCall {
  return {
    token,
    fn,
    params,
    asked: findAskedPacket(fn, params),
    request,
    slot: typeof params['slot'] === 'number' ? params['slot'] : -1,
    generation: 0,
    begin: undefined,
    returned: undefined,
    stateAtBegin: undefined,
    connection: undefined,
    wire: undefined,
    callbacks: [],
    acks: [],
  };
}

/** How often a reaction is armed for. */
function timesOf({ params }: EventOf<'request'>): number {
  const { times } = params;
  return typeof times === 'number' ? Math.max(1, Math.min(times, MOST_REPEATS)) : 1;
}

function callsOf({ method, params, token, slot }: EventOf<'request'>): readonly Asked[] {
  const calls = params['calls'];
  if (!Array.isArray(calls)) return askedBy(method, withSlot(params, slot), token);
  return calls.filter(isRecord).flatMap((call) => {
    const inner = isRecord(call['params']) ? call['params'] : {};
    return askedBy(call['method'], withSlot(inner, params['slot'] ?? slot), undefined);
  });
}

/** Nearly all name their slot. */
function withSlot(params: Params, slot: unknown): Params {
  return params['slot'] === undefined || params['slot'] === null ? { ...params, slot } : params;
}

function askedBy(method: unknown, params: Params, token: number | undefined): Asked[] {
  const named = token ?? params['token'];
  if (typeof method !== 'string' || !method.startsWith(PREFIX) || typeof named !== 'number') return [];
  return [{ token: named, fn: method.slice(PREFIX.length), params }];
}
