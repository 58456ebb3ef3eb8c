import type { Direction, PacketType } from '../../broker/events.ts';
import { CALL_FUNCTIONS, type CallbackKind, type CallFunction } from '../protocol/module-event.ts';
import type { EventKind, EventOf } from '../timeline/events.ts';

type Kinds = { readonly [K in EventKind]: EventOf<K> };
type Frames = { readonly [D in Direction as `frame ${D}`]: EventOf<'frame'> & { readonly dir: D } };
type Packets<D extends Direction> = {
  readonly [P in PacketType as `frame ${D} ${P}`]: Frames[`frame ${D}`] & { readonly packet: { readonly type: P } };
};
/** Those in which the broker's linter found nothing, and those in which it found something. */
type Linted = {
  readonly [P in PacketType as `frame up ${P} ${'sound' | 'flawed'}`]: Packets<'up'>[`frame up ${P}`];
};
/** Those that a gate held, that were injected, or that a server must not send. */
type Odd = { readonly [P in PacketType as `frame down ${P} odd`]: Packets<'down'>[`frame down ${P}`] };
type Enters = { readonly [C in CallbackKind as `enter ${C}`]: EventOf<'enter'> & { readonly cb: C } };
/** Those that answer a call of that function. */
type Requests = { readonly [F in 'publish' | 'sub_unsub' as `enter request ${F}`]: Enters['enter request'] };
type Leaves = { readonly [C in CallbackKind as `leave ${C}`]: EventOf<'leave'> & { readonly cb: C } };
/** Calls that are made inside a callback. */
type CallsInside = { readonly 'call inside': EventOf<'call'> };
type Returns = { readonly [F in CallFunction as `ret ${F}`]: EventOf<'ret'> & { readonly fn: F } };
/** Those with WOUNDBLOCK, whose call goes on, and all others. */
type Ends = { readonly [F in CallFunction as `ret ${F} ${'pending' | 'final'}`]: Returns[`ret ${F}`] };
/** What happens all the time in a sound run: see `Seen.isOrdinary`. */
type OrdinaryEnters = {
  readonly [K in keyof Pick<
    Enters & Requests,
    'enter connect' | 'enter disconnect' | 'enter inpub' | keyof Requests
  > as `${K} ordinary`]: (Enters & Requests)[K];
};
type OrdinaryReturns = { readonly [K in keyof Ends as `${K} ordinary`]: Ends[K] };

interface Topics
  extends Kinds,
    Frames,
    Packets<'up'>,
    Packets<'down'>,
    Linted,
    Odd,
    Enters,
    Requests,
    Leaves,
    CallsInside,
    Returns,
    Ends,
    OrdinaryEnters,
    OrdinaryReturns {}

/**
 * What a rule can ask to be given: a kind of event, or of those that most events are only some: the frames of a direction and
 * a packet type, or the sound, flawed or odd ones among them, the callbacks of a kind or that answer a function, the returns
 * of a function, or those that are final.
 */
export type Topic = keyof Topics;

/** The topics that a topic contains. */
export type Within<T extends Topic> = Extract<Topic, `${T} ${string}`>;

/** The events of a topic: a rule that asks for too little does not compile where it reads more. */
export type EventOn<T extends Topic> = Topics[T];

const OF_MODULE: ReadonlySet<string> = new Set<EventKind>([
  'call',
  'ret',
  'enter',
  'leave',
  'reset',
  'at',
  'network',
  'lost',
]);

/** Whether the module tells of such events: what they told is void once it has started again. */
export function isOfModule(topic: Topic): boolean {
  const [kind = topic] = topic.split(' ', 1);
  return OF_MODULE.has(kind);
}

const PACKET_TYPE: { readonly [P in PacketType]: P } = {
  CONNECT: 'CONNECT',
  CONNACK: 'CONNACK',
  PUBLISH: 'PUBLISH',
  PUBACK: 'PUBACK',
  PUBREC: 'PUBREC',
  PUBREL: 'PUBREL',
  PUBCOMP: 'PUBCOMP',
  SUBSCRIBE: 'SUBSCRIBE',
  SUBACK: 'SUBACK',
  UNSUBSCRIBE: 'UNSUBSCRIBE',
  UNSUBACK: 'UNSUBACK',
  PINGREQ: 'PINGREQ',
  PINGRESP: 'PINGRESP',
  DISCONNECT: 'DISCONNECT',
  malformed: 'malformed',
};
export const PACKET_TYPES = Object.values(PACKET_TYPE);

/** Every packet of the module in which the broker's linter found something. */
export const FLAWED_PACKETS = PACKET_TYPES.map((type) => `frame up ${type} flawed` as const);
export type FlawedPacket = (typeof FLAWED_PACKETS)[number];

/** Every packet to the module that was held back, or that the ordinary peer does not send. */
export const ODD_PACKETS = PACKET_TYPES.map((type) => `frame down ${type} odd` as const);
export type OddPacket = (typeof ODD_PACKETS)[number];

/** The callbacks that answer a call. */
export const ANSWERS = ['enter connect', 'enter request', 'enter disconnect'] as const satisfies readonly Topic[];
export type Answer = (typeof ANSWERS)[number];

/** The returns of the functions that such a callback answers. */
export const ANSWERED_RETURNS = [
  'ret connect',
  'ret publish',
  'ret sub_unsub',
  'ret disconnect',
] as const satisfies readonly Topic[];
export type AnsweredReturn = (typeof ANSWERED_RETURNS)[number];

export const FINAL_RETURNS = CALL_FUNCTIONS.map((fn) => `ret ${fn} final` as const);

/** The callbacks that a session begins or ends with. */
export const TURNS = ['enter connect', 'enter disconnect', 'enter exception'] as const satisfies readonly Topic[];
export type Turn = (typeof TURNS)[number];

/** The ordinary callbacks of requests, of all calls that are answered, and of messages. */
export const ORDINARY_REQUESTS = [
  'enter request publish ordinary',
  'enter request sub_unsub ordinary',
] as const satisfies readonly Topic[];
export const ORDINARY_ANSWERS = [
  'enter connect ordinary',
  'enter disconnect ordinary',
  ...ORDINARY_REQUESTS,
] as const satisfies readonly Topic[];
export const ORDINARY_MESSAGES = ['enter inpub ordinary'] as const satisfies readonly Topic[];

/** The ordinary returns of requests, and of all functions but connect and the token's. */
export const ORDINARY_REQUEST_RETURNS = [
  'ret publish pending ordinary',
  'ret sub_unsub pending ordinary',
] as const satisfies readonly Topic[];
export const ORDINARY_RETURNS = [
  ...ORDINARY_REQUEST_RETURNS,
  'ret disconnect pending ordinary',
  'ret init final ordinary',
  'ret set_inpub_callback final ordinary',
  'ret is_connected final ordinary',
  'ret deinit final ordinary',
] as const satisfies readonly Topic[];
