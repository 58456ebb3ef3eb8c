import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventOf } from '../../timeline/events.ts';
import { findCallbackKind, resultOf } from '../callback-of.ts';
import { lastAckType } from '../last-ack.ts';
import type { CallRecord, SlotRecord, SlotState } from '../narration.ts';

/*
 * What happens all the time in a sound run, told by what is cheap to look at. In doubt nothing is ordinary: rules are asked about
 * the rest, and a test asks them about everything.
 */

const SUCCESS = 0;
const HIGHEST_QOS = 2;
const LONGEST_TOPIC = 65_535;

/** A topic without wildcard or NUL, of a byte a character. */
const PLAIN_TOPIC = /^[\x20-\x22\x24-\x2a\x2c-\x7e]+$/;

interface Sound {
  /** Whether the call may begin in that state. */
  readonly ready: (state: SlotState) => boolean;
  readonly returns: readonly number[];
  readonly hasTopic?: boolean;
}

const CONNECTED = (state: SlotState): boolean => state === 'connected';
const INITIALISED = (state: SlotState): boolean => state !== 'no-handle';
const WITHOUT_HANDLE = (state: SlotState): boolean => state === 'no-handle';

/** A connect has too much to look at, and comes seldom. */
const SOUND: Readonly<Record<string, Sound>> = {
  init: { ready: WITHOUT_HANDLE, returns: [SUCCESS] },
  publish: { ready: CONNECTED, returns: [WOUNDBLOCK], hasTopic: true },
  sub_unsub: { ready: CONNECTED, returns: [WOUNDBLOCK], hasTopic: true },
  disconnect: { ready: CONNECTED, returns: [WOUNDBLOCK] },
  set_inpub_callback: { ready: INITIALISED, returns: [SUCCESS] },
  is_connected: { ready: INITIALISED, returns: [0, 1] },
  deinit: { ready: INITIALISED, returns: [SUCCESS] },
};

/** A call with sound arguments, made when it may be made, that succeeds or goes on. */
export function isOrdinaryReturn({ fn, params, stateAtBegin }: CallRecord, { ret }: EventOf<'ret'>): boolean {
  const sound = Object.hasOwn(SOUND, fn) ? SOUND[fn] : undefined;
  if (sound === undefined || stateAtBegin === undefined || !sound.ready(stateAtBegin)) return false;
  if (!sound.returns.includes(ret)) return false;
  return hasSoundArguments(params) && (sound.hasTopic !== true || hasSoundTopic(params));
}

/** Its own client, and no NULL. */
function hasSoundArguments(params: CallRecord['params']): boolean {
  for (const name in params) if (params[name] === null || params[name] === false) return false;
  const { client } = params;
  return client === undefined || client === 'own';
}

function hasSoundTopic({ topic, qos = 0 }: CallRecord['params']): boolean {
  if (typeof qos !== 'number' || qos < 0 || qos > HIGHEST_QOS) return false;
  return typeof topic === 'string' && topic.length <= LONGEST_TOPIC && PLAIN_TOPIC.test(topic);
}

/** The one callback of a call that returned WOUNDBLOCK, with success, and about the client that the call was made on. */
export function isOrdinaryAnswer(call: CallRecord, event: EventOf<'enter'>, slot: SlotRecord): boolean {
  if (findCallbackKind(call) !== event.cb || resultOf(event) !== SUCCESS) return false;
  if (call.returned?.ret !== WOUNDBLOCK || call.callbacks.length !== 1) return false;
  return isOfClient(call, event, slot) && hasSoundAcks(call);
}

/** An incoming message within a session, told by the callback in force. */
export function isOrdinaryMessage(
  call: CallRecord,
  event: EventOf<'enter'>,
  slot: SlotRecord,
  before: SlotState | undefined,
): boolean {
  const isWithin = before === 'connected' || before === 'disconnecting';
  return isWithin && slot.inpub === call && call.fn === 'set_inpub_callback' && isOfClient(call, event, slot);
}

function isOfClient(call: CallRecord, event: EventOf<'enter'>, slot: SlotRecord): boolean {
  if (event.client !== 'same' || call.slot !== event.slot || slot.handle !== event.handle) return false;
  return slot.generation === call.generation;
}

function hasSoundAcks(call: CallRecord): boolean {
  const last = lastAckType(call);
  return call.acks.every(({ packet: { type } }) => type === 'PUBREC' || type === last);
}
