import * as v from 'valibot';

/** Arguments of calls (docs/protocol.md §5.1): anything that C can pass. */
const int = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A C string or payload: text, NULL, bytes in hex, or a pattern that the module repeats (pseudo-random without `pattern`). */
export const shimText = v.union([
  v.string(),
  v.null(),
  v.strictObject({ hex: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})*$/)) }),
  v.strictObject({ pattern: v.optional(v.string()), length: count, seed: v.optional(count) }),
]);
export type ShimText = Readonly<v.InferInput<typeof shimText>>;

/** The client pointer to pass: the slot's variable, NULL, another slot's variable, or a variable with this value. */
export const clientPointer = v.union([
  v.literal('own'),
  v.literal('null'),
  v.strictObject({ slot: count }),
  v.strictObject({ value: int }),
]);
export type ClientPointer = Readonly<v.InferInput<typeof clientPointer>>;

/** `mqtt_ssl_config_t`; the members after `clientKeyPassword` need the feature `ssl-ext`. */
export const sslConfig = v.strictObject({
  ctxId: v.optional(int),
  verifyLevel: v.optional(int),
  caCert: v.optional(shimText),
  clientCert: v.optional(shimText),
  clientKey: v.optional(shimText),
  clientKeyPassword: v.optional(shimText),
  version: v.optional(int),
  sni: v.optional(int),
  negotiateTimeout: v.optional(int),
  ignoreInvalidCertSign: v.optional(int),
  ignoreMultiCertChainVerify: v.optional(int),
  ignoreCertItem: v.optional(int),
  certType: v.optional(int),
});
export type SslConfig = Readonly<v.InferInput<typeof sslConfig>>;

/** `mqtt_connect_client_info_t`; `keepAlive` in seconds, `pktTimeout` (seconds) and `retryTimes` need the feature `pkt-timeout`. */
export const connectInfo = v.strictObject({
  clientId: v.optional(shimText),
  user: v.optional(shimText),
  pass: v.optional(shimText),
  keepAlive: v.optional(int),
  willTopic: v.optional(shimText),
  willMsg: v.optional(shimText),
  willQos: v.optional(int),
  willRetain: v.optional(int),
  cleanSession: v.optional(int),
  ssl: v.optional(v.nullable(sslConfig)),
  pktTimeout: v.optional(int),
  retryTimes: v.optional(int),
});
export type ConnectInfo = Readonly<v.InferInput<typeof connectInfo>>;
