import * as v from 'valibot';
import { clientPointer, connectInfo, shimText } from './arguments.ts';
import { helloResult } from './hello-result.ts';
import { CHUNK_BYTES, SLOTS, TOKEN_MAX } from './limits.ts';
import { CALLBACK_KINDS } from './module-event.ts';
import { slotState } from './slot-state.ts';

/**
 * Every method of the shim: what it takes beside `link`, and what it answers (docs/protocol.md §3, §5). The C table is
 * firmware/shim/methods.def; a test compares the two.
 */
const int = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const crc32 = v.pipe(count, v.maxValue(0xffffffff));
const slot = v.pipe(count, v.maxValue(SLOTS - 1));
const token = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(TOKEN_MAX));
const fileName = v.pipe(v.string(), v.regex(/^[^/\\]{1,64}$/));
const chunkLength = v.pipe(count, v.maxValue(CHUNK_BYTES));
const callback = v.optional(v.boolean());
const empty = v.strictObject({});

const onSlot = { slot, token, after: v.optional(v.picklist(['keep', 'poison'])) };
const onClient = { ...onSlot, client: v.optional(clientPointer) };
const accepted = v.strictObject({ accepted: count });
const bytesRead = v.strictObject({ base64: v.string(), length: count, size: count });

const CALLS = {
  'mqtt.init': { params: v.strictObject({ ...onClient, cid: int }), result: accepted },
  'mqtt.connect': {
    params: v.strictObject({
      ...onClient,
      host: shimText,
      info: v.nullable(connectInfo),
      cb: callback,
      exceptionCb: callback,
    }),
    result: accepted,
  },
  'mqtt.publish': {
    params: v.strictObject({
      ...onClient,
      topic: shimText,
      payload: shimText,
      length: v.optional(count),
      qos: int,
      retain: int,
      cb: callback,
    }),
    result: accepted,
  },
  'mqtt.sub_unsub': {
    params: v.strictObject({ ...onClient, topic: shimText, qos: int, sub: int, cb: callback }),
    result: accepted,
  },
  'mqtt.disconnect': { params: v.strictObject({ ...onClient, cb: callback }), result: accepted },
  'mqtt.set_inpub_callback': { params: v.strictObject({ ...onClient, cb: callback }), result: accepted },
  'mqtt.is_connected': { params: v.strictObject(onClient), result: accepted },
  'mqtt.deinit': { params: v.strictObject(onClient), result: accepted },
  'mqtt.onenet_token': {
    params: v.strictObject({
      ...onSlot,
      expireTime: int,
      productId: shimText,
      deviceName: shimText,
      version: shimText,
      accessKey: shimText,
    }),
    result: accepted,
  },
  'mqtt.setopt': { params: v.strictObject({ ...onClient, option: int, value: int }), result: accepted },
} as const;

const reactionCall = v.strictObject({ method: v.string(), params: v.record(v.string(), v.unknown()) });

export const METHODS = {
  hello: {
    params: v.strictObject({
      nonce: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
      protocol: v.string(),
      session: v.nullable(count),
      acked: count,
    }),
    result: helloResult,
  },
  bye: { params: empty, result: empty },
  ...CALLS,
  'react.arm': {
    params: v.strictObject({
      slot,
      cb: v.picklist(CALLBACK_KINDS),
      calls: v.array(reactionCall),
      times: v.optional(count),
    }),
    result: v.strictObject({ reaction: count }),
  },
  'react.disarm': { params: v.strictObject({ reaction: count }), result: v.strictObject({ fired: count }) },
  'clock.read': { params: empty, result: v.strictObject({ upMs: count }) },
  'clock.unix': { params: empty, result: v.strictObject({ unixS: int }) },
  'clock.set': { params: v.strictObject({ unixS: int }), result: v.strictObject({ unixS: int }) },
  'events.ack': { params: v.strictObject({ upTo: count }), result: v.strictObject({ last: count, noise: count }) },
  'events.resend': { params: v.strictObject({ from: count }), result: v.strictObject({ from: count, last: count }) },
  slots: { params: empty, result: v.strictObject({ slots: v.array(slotState) }) },
  stats: {
    params: empty,
    result: v.strictObject({
      heap: v.strictObject({ total: count, avail: count, maxBlock: count }),
      tasks: v.array(v.strictObject({ name: v.string(), stackFree: int })),
      /** Percent of the processor that was in use in the second before, by whomever; where the SDK tells. */
      cpu: v.optional(count),
      queue: v.strictObject({ used: count, peak: count }),
      noise: count,
    }),
  },
  'file.write': {
    params: v.strictObject({ name: fileName, offset: count, base64: v.string(), crc32 }),
    result: v.strictObject({ length: count }),
  },
  'file.check': { params: v.strictObject({ name: fileName, length: count, crc32 }), result: empty },
  'file.read': { params: v.strictObject({ name: fileName, offset: count, length: chunkLength }), result: bytesRead },
  'file.remove': { params: v.strictObject({ name: fileName }), result: empty },
  'network.status': {
    params: empty,
    result: v.strictObject({
      registered: v.boolean(),
      dataCall: v.boolean(),
      address: v.nullable(v.string()),
      csq: v.nullable(int),
    }),
  },
  'network.up': {
    params: v.strictObject({ profile: int, apn: v.nullable(v.string()) }),
    result: v.strictObject({ address: v.nullable(v.string()) }),
  },
  'network.down': { params: v.strictObject({ profile: int }), result: empty },
  'at.send': {
    params: v.strictObject({ command: v.string(), timeoutMs: count }),
    result: accepted,
  },
  'capture.read': {
    params: v.strictObject({ capture: count, offset: count, length: chunkLength }),
    result: bytesRead,
  },
  reset: { params: v.strictObject({ why: v.string() }), result: empty },
} as const;

export type MethodName = keyof typeof METHODS;
/** A `ql_mqtt_*` call: accepted at once, its outcome comes as events. */
export type CallMethod = keyof typeof CALLS;

type Input<S extends v.GenericSchema> = Readonly<v.InferInput<S>>;
type Output<S extends v.GenericSchema> = Readonly<v.InferOutput<S>>;

/** What the host gives, `link` left out: the session adds it. */
export type MethodParams = { readonly [M in MethodName]: Input<(typeof METHODS)[M]['params']> };
export type MethodResults = { readonly [M in MethodName]: Output<(typeof METHODS)[M]['result']> };
/** What a caller of `ql_mqtt_*` gives: the session allots the token. */
export type CallParams = { readonly [M in CallMethod]: Omit<MethodParams[M], 'token'> };

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

export function isCallMethod(name: string): name is CallMethod {
  return Object.hasOwn(CALLS, name);
}
