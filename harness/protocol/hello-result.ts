import * as v from 'valibot';
import { slotState } from './slot-state.ts';

/** Why the module started (docs/protocol.md §3). */
export const BOOT_CAUSES = [
  'power-key',
  'pin-reset',
  'alarm',
  'charge',
  'watchdog',
  'pin-wake',
  'psm',
  'panic',
  'software-reset',
  'unknown',
] as const;
export type BootCause = (typeof BOOT_CAUSES)[number];

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** `size` of a struct and the offset of each field, bytes. */
const structLayout = v.record(v.string(), count);

/** The module's answer to `hello`. Members of a later minor version are left out: `features` say what may be used. */
export const helloResult = v.object({
  nonce: v.string(),
  protocol: v.string(),
  shim: v.string(),
  session: count,
  resumed: v.boolean(),
  link: count,
  boot: v.object({
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
    cause: v.picklist(BOOT_CAUSES),
    raw: count,
    upMs: count,
  }),
  sdk: v.string(),
  features: v.array(v.string()),
  layout: v.record(v.string(), v.union([structLayout, count])),
  module: v.object({ model: v.string(), revision: v.string(), imei: v.string() }),
  heap: v.object({ total: count, avail: count, maxBlock: count }),
  queue: v.object({ bytes: count, events: count, last: count }),
  slots: v.array(slotState),
});
export type HelloResult = Readonly<v.InferOutput<typeof helloResult>>;
