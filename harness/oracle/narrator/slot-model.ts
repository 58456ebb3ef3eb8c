import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import type { OpenCall } from './call-ledger.ts';
import type { Mutable } from './mutable.ts';

type OpenSlot = Mutable<SlotRecord>;

const UNDER_WAY_KEPT = 512;
const NONE: readonly CallRecord[] = [];
const SUCCESS = 0;

/**
 * The client slots as the reference automaton has them: moved by returns and callbacks alone, in the module's own order.
 *
 * A callback may be stamped before the return of its own call (the vendor's task may preempt the caller); such a return then
 * changes nothing any more.
 */
export class SlotModel {
  readonly #slots = new Map<number, OpenSlot>();

  find(slot: number): SlotRecord | undefined {
    return this.#slots.get(slot);
  }

  /** The slot whose client a call acts on, −1 for none. */
  effectiveSlot({ params }: Pick<CallRecord, 'params'>): number {
    const { client, slot } = params;
    if (client === undefined || client === 'own') return typeof slot === 'number' ? slot : -1;
    if (!isRecord(client)) return -1;
    if (typeof client['slot'] === 'number') return client['slot'];
    return this.#holderOf(client['value']);
  }

  begin(call: OpenCall): void {
    const slot = this.#slot(call.slot);
    call.stateAtBegin = slot?.state;
    call.generation = slot?.generation ?? 0;
    if (slot !== undefined && isAnsweredRequest(call)) slot.underWay = [...slot.underWay, call].slice(-UNDER_WAY_KEPT);
  }

  returned(call: OpenCall, event: EventOf<'ret'>): void {
    const slot = this.#slot(call.slot);
    if (slot === undefined) return;
    if (event.ret !== WOUNDBLOCK) slot.underWay = without(slot.underWay, call);
    const accepted = event.ret === SUCCESS || event.ret === WOUNDBLOCK;
    if (!accepted) return;
    const answered = call.callbacks.length > 0;
    switch (call.fn) {
      case 'init':
        return initialised(slot, event);
      case 'connect':
        slot.connect = call;
        if (!answered && slot.state !== 'no-handle') slot.state = 'connecting';
        return;
      case 'disconnect':
        if (event.ret === SUCCESS) slot.state = 'idle';
        else if (!answered && hasSession(slot)) slot.state = 'disconnecting';
        return;
      case 'set_inpub_callback':
        slot.inpub = call;
        return;
      case 'deinit':
        slot.state = 'no-handle';
        slot.handle = undefined;
        slot.underWay = NONE;
        return;
      default:
    }
  }

  /** A callback is entered; `call` is the one that its `arg` names. @returns the requests that the end of a session orphans */
  entered(event: EventOf<'enter'>, call: CallRecord | undefined): readonly CallRecord[] {
    const slot = this.#slot(call?.slot ?? event.slot);
    if (slot === undefined || slot.state === 'no-handle') return NONE;
    if (event.cb === 'request' && call !== undefined) slot.underWay = without(slot.underWay, call);
    moveState(slot, event, call);
    if (event.cb !== 'disconnect' && event.cb !== 'exception') return NONE;
    const orphans = slot.underWay.filter(({ returned }) => returned !== undefined);
    slot.underWay = slot.underWay.filter(({ returned }) => returned === undefined);
    return orphans;
  }

  /** The module starts again: no client outlives that. */
  reset(): void {
    for (const slot of this.#slots.values()) {
      slot.state = 'no-handle';
      slot.handle = undefined;
      slot.connect = undefined;
      slot.inpub = undefined;
      slot.underWay = NONE;
    }
  }

  #slot(number: number): OpenSlot | undefined {
    if (number < 0) return undefined;
    const known = this.#slots.get(number);
    if (known !== undefined) return known;
    const slot: OpenSlot = {
      slot: number,
      state: 'no-handle',
      handle: undefined,
      generation: 0,
      connect: undefined,
      inpub: undefined,
      sessions: 0,
      underWay: NONE,
    };
    this.#slots.set(number, slot);
    return slot;
  }

  #holderOf(handle: unknown): number {
    for (const slot of this.#slots.values()) if (slot.handle === handle && slot.state !== 'no-handle') return slot.slot;
    return -1;
  }
}

function initialised(slot: OpenSlot, event: EventOf<'ret'>): void {
  slot.state = 'idle';
  slot.handle = event.handle;
  slot.generation += 1;
  slot.connect = undefined;
  slot.inpub = undefined;
  slot.underWay = NONE;
}

function moveState(slot: OpenSlot, event: EventOf<'enter'>, call: CallRecord | undefined): void {
  if (call !== undefined && call.generation !== slot.generation) return;
  if (event.cb === 'connect') connectAnswered(slot, event.status, call);
  else if (event.cb === 'disconnect' && hasSession(slot)) slot.state = 'idle';
  else if (event.cb === 'exception' && hasSession(slot)) slot.state = 'idle';
}

function connectAnswered(slot: OpenSlot, status: number, call: CallRecord | undefined): void {
  // The second answer to a call says nothing about the session; a rule speaks of it.
  if (call !== undefined && call.callbacks.length > 1) return;
  if (call !== undefined) slot.connect = call;
  slot.state = status === 0 ? 'connected' : 'idle';
  if (status === 0) slot.sessions += 1;
}

function hasSession(slot: OpenSlot): boolean {
  return slot.state === 'connected' || slot.state === 'connecting' || slot.state === 'disconnecting';
}

function isAnsweredRequest(call: CallRecord): boolean {
  return findCallbackKind(call) === 'request';
}

function without(calls: readonly CallRecord[], call: CallRecord): readonly CallRecord[] {
  if (calls.length === 0) return calls;
  const others = calls.filter((other) => other !== call);
  return others.length === 0 ? NONE : others;
}
