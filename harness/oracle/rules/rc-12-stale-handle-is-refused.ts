import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import { isRefusal } from '../is-refusal.ts';
import type { CallRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_RETURNS } from '../topic.ts';

const WITHOUT_CLIENT: ReadonlySet<string> = new Set(['init', 'onenet_token']);

/** Init and deinit change what is known. */
const ORDINARY = ORDINARY_RETURNS.filter((topic) => !/^ret (?:de)?init /.test(topic));

/** Handles that were given out and not released. */
interface Given {
  /** By the slot whose variable holds it. */
  readonly held: ReadonlyMap<number, number>;
  /** Those whose variable was overwritten by another init: nobody can release them but by value. */
  readonly overwritten: ReadonlySet<number>;
}

const NOTHING: Given = { held: new Map(), overwritten: new Set() };

/** A handle that was released, or that was never given out, is refused. [manual 3.3.8] */
export const staleHandleIsRefused = rule<Given, 'ret'>({
  id: 'RC-12',
  clause: 'M-15.stale-handle',
  says: 'a call on a handle that was released or never given out returns an error',
  on: ['ret'],
  spared: spare(ORDINARY),
  step(given = NOTHING, { event, call }) {
    const { fn, ret, n } = event;
    const after = isRefusal(ret) ? given : afterCall(given, event, call);
    if (call === undefined || !isOnStaleHandle(call) || given.overwritten.has(valueOf(call))) return undecided(after);
    const isFine = fn === 'is_connected' ? ret === 0 : isRefusal(ret);
    // RC-01 speaks of a value that is neither.
    if (fn === 'is_connected' && ret !== 0 && ret !== 1) return undecided(after);
    return isFine ? kept(after) : breach(`${fn} on a stale handle returned ${ret}`, [call.begin?.n, n], after);
  },
});

function afterCall(given: Given, { fn, slot, handle }: EventOf<'ret'>, call: CallRecord | undefined): Given {
  if (fn === 'init' && handle !== undefined) return afterInit(given, call?.slot ?? slot, handle);
  if (fn !== 'deinit' || call === undefined) return given;
  return {
    held: new Map([...given.held].filter(([holder]) => holder !== call.slot)),
    overwritten: new Set([...given.overwritten].filter((value) => value !== valueOf(call))),
  };
}

function afterInit({ held, overwritten }: Given, slot: number, handle: number): Given {
  const before = held.get(slot);
  const lost = before === undefined ? overwritten : new Set([...overwritten, before]);
  // A value that is given out again is the new client's.
  return {
    held: new Map([...held, [slot, handle]]),
    overwritten: new Set([...lost].filter((value) => value !== handle)),
  };
}

/** The value that a call names a client by; NaN if it does not. */
function valueOf({ params }: CallRecord): number {
  const { client } = params;
  return isRecord(client) && typeof client['value'] === 'number' ? client['value'] : Number.NaN;
}

function isOnStaleHandle({ fn, params, slot, stateAtBegin, generation }: CallRecord): boolean {
  if (WITHOUT_CLIENT.has(fn) || params['client'] === 'null') return false;
  if (slot < 0) return typeof params['client'] === 'object';
  return stateAtBegin === 'no-handle' && generation > 0;
}
