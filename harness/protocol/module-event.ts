import * as v from 'valibot';

/**
 * The module's events (docs/protocol.md §4). `seq` numbers a session's events from 1 without gaps; `t` is the module's time in ms
 * since boot. Both are taken where the event happens.
 */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const int = v.pipe(v.number(), v.safeInteger());
const crc32 = count;
const stamp = { seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), t: count };

export const CALL_FUNCTIONS = [
  'init',
  'connect',
  'publish',
  'sub_unsub',
  'disconnect',
  'set_inpub_callback',
  'is_connected',
  'deinit',
  'onenet_token',
  'setopt',
] as const;
export type CallFunction = (typeof CALL_FUNCTIONS)[number];

export const CALLBACK_KINDS = ['connect', 'request', 'disconnect', 'inpub', 'exception'] as const;
export type CallbackKind = (typeof CALLBACK_KINDS)[number];

const call = v.strictObject({
  ...stamp,
  e: v.literal('call'),
  token: count,
  fn: v.picklist(CALL_FUNCTIONS),
  slot: int,
  task: count,
  /** `seq` of the callback that the call is made from. */
  in: v.optional(count),
});

const ret = v.strictObject({
  ...stamp,
  e: v.literal('ret'),
  token: count,
  fn: v.picklist(CALL_FUNCTIONS),
  slot: int,
  task: count,
  ret: int,
  /** The client variable's value after the call. */
  handle: v.optional(int),
  /** The token string of `onenet_token`; null or absent when there was none. */
  text: v.optional(v.nullable(v.string())),
});

const enterStamp = {
  ...stamp,
  e: v.literal('enter'),
  /** Found by the client pointer's address, else by its value, else −1. */
  slot: int,
  /** The value behind the client pointer, 0 if it is null. */
  handle: int,
  client: v.picklist(['same', 'other', 'foreign', 'null']),
  task: count,
};
/** The callback's `arg`: the token of the call that it belongs to. Firmware may pass anything, a pointer beyond 2^53 too. */
const arg = v.pipe(v.number(), v.minValue(0));

/** Text of up to 128 bytes is whole; `hex` takes the place of `text` where the bytes are not UTF-8. */
const topic = v.strictObject({ length: count, crc32, text: v.optional(v.string()), hex: v.optional(v.string()) });
/** `capture` is the number to ask `capture.read` for, while it is kept. */
const payload = v.strictObject({ length: count, crc32, head: v.string(), capture: v.optional(v.nullable(int)) });

const enter = v.variant('cb', [
  v.strictObject({ ...enterStamp, cb: v.literal('connect'), arg, status: int }),
  v.strictObject({ ...enterStamp, cb: v.literal('request'), arg, err: int }),
  v.strictObject({ ...enterStamp, cb: v.literal('disconnect'), arg, err: int }),
  v.strictObject({
    ...enterStamp,
    cb: v.literal('inpub'),
    arg,
    pktId: int,
    topic: v.nullable(topic),
    payload: v.nullable(payload),
  }),
  v.strictObject({ ...enterStamp, cb: v.literal('exception') }),
]);

const leave = v.strictObject({
  ...stamp,
  e: v.literal('leave'),
  cb: v.picklist(CALLBACK_KINDS),
  /** `seq` of its `enter`. */
  enter: count,
  task: count,
  /** Of an incoming message: whether its bytes are still those of the `enter`. */
  intact: v.optional(v.boolean()),
});

const reset = v.strictObject({ ...stamp, e: v.literal('reset'), why: v.string() });

const at = v.strictObject({
  ...stamp,
  e: v.literal('at'),
  request: count,
  line: v.string(),
  done: v.optional(v.boolean()),
});

const network = v.strictObject({
  ...stamp,
  e: v.literal('network'),
  what: v.string(),
  value: v.union([v.string(), v.number(), v.boolean(), v.null()]),
});

const lost = v.strictObject({ ...stamp, e: v.literal('lost'), counts: v.record(v.string(), count) });

export const moduleEvent = v.variant('e', [call, ret, enter, leave, reset, at, network, lost]);

export type ModuleEvent = Readonly<v.InferOutput<typeof moduleEvent>>;
export type ModuleEventKind = ModuleEvent['e'];
export type ModuleEventOf<K extends ModuleEventKind> = Extract<ModuleEvent, { readonly e: K }>;
export type CallEvent = ModuleEventOf<'call'>;
export type RetEvent = ModuleEventOf<'ret'>;
export type EnterEvent = ModuleEventOf<'enter'>;
export type LeaveEvent = ModuleEventOf<'leave'>;
/** A callback-enter of one kind, e.g. `EnterOf<'inpub'>`. */
export type EnterOf<C extends CallbackKind> = Extract<EnterEvent, { readonly cb: C }>;
