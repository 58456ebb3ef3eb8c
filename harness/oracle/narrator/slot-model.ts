import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import type { OpenCall } from './call-ledger.ts';
import type { Mutable } from './mutable.ts';

type OpenSlot = Mutable<SlotRecord>;

const SUCCESS = 0;
const WOUNDBLOCK = -2;

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
  }

  returned(call: OpenCall, event: EventOf<'ret'>): void {
    const slot = this.#slot(call.slot);
    if (slot === undefined) return;
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
        return;
      default:
    }
  }

  /** A callback is entered; `call` is the one that its `arg` names. */
  entered(event: EventOf<'enter'>, call: OpenCall | undefined): void {
    const slot = this.#slot(call?.slot ?? event.slot);
    if (slot === undefined || slot.state === 'no-handle') return;
    if (call !== undefined && call.generation !== slot.generation) return;
    if (event.cb === 'connect') connectAnswered(slot, event.status, call);
    else if (event.cb === 'disconnect' && hasSession(slot)) slot.state = 'idle';
    else if (event.cb === 'exception' && hasSession(slot)) slot.state = 'idle';
  }

  /** The module starts again: no client outlives that. */
  reset(): void {
    for (const slot of this.#slots.values()) {
      slot.state = 'no-handle';
      slot.handle = undefined;
      slot.connect = undefined;
      slot.inpub = undefined;
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
}

function connectAnswered(slot: OpenSlot, status: number, call: OpenCall | undefined): void {
  // The second answer to a call says nothing about the session; a rule speaks of it.
  if (call !== undefined && call.callbacks.length > 1) return;
  if (call !== undefined) slot.connect = call;
  slot.state = status === 0 ? 'connected' : 'idle';
  if (status === 0) slot.sessions += 1;
}

function hasSession(slot: OpenSlot): boolean {
  return slot.state === 'connected' || slot.state === 'connecting' || slot.state === 'disconnecting';
}
