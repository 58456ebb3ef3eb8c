import * as v from 'valibot';
import { parseListen } from '../../../broker/parse-listen.ts';
import { readYaml } from '../read-yaml.ts';

const text = v.pipe(v.string('a text is wanted; put quotes round a number'), v.minLength(1, 'it is empty'));

const listen = v.pipe(
  text,
  v.check(isListen, 'a place to listen at looks like 0.0.0.0, or 0.0.0.0:20000-20099 for some ports only'),
);

const moduleEntry = v.strictObject({
  /** What `--module` takes. */
  name: v.pipe(
    text,
    v.regex(/^[a-z][a-z0-9-]*$/u, 'a name has small letters, digits and hyphens'),
    v.check((name) => name !== 'virtual', "'virtual' is taken"),
  ),
  /** Where it is plugged in, as `qlhil devices` shows it. */
  usb: v.pipe(text, v.regex(/^\d+-\d+(?:\.\d+)*$/u, 'a USB path looks like 1-1.3')),
  imei: v.optional(v.pipe(text, v.regex(/^\d{15}$/u, 'an IMEI has 15 digits'))),
  sku: v.optional(v.pipe(text, v.regex(/^E[CG]\d{3}[A-Z]-[A-Z]{2,3}$/u, 'a SKU looks like EC200U-CN'))),
  /** The port that the shim listens on. */
  rpc: v.optional(v.picklist(['nmea', 'modem', 'acm'], 'the RPC port is nmea, modem or acm'), 'nmea'),
  /** The broker as the module sees it, and the address on which it listens here. */
  broker: v.optional(v.strictObject({ host: text, listen: v.optional(listen) })),
  apn: v.optional(v.string()),
  labels: v.optional(v.array(text), []),
});

const schema = v.strictObject({
  modules: v.pipe(
    v.array(moduleEntry),
    v.minLength(1, 'it lists no module'),
    v.check((modules) => areUnique(modules.map(({ name }) => name)), 'two modules have the same name'),
    v.check((modules) => areUnique(modules.map(({ usb }) => usb)), 'two modules are on the same USB path'),
  ),
});

/** A module of a bench: where it is, and who it must be. */
export type BenchModule = Readonly<v.InferOutput<typeof moduleEntry>>;

/** Reads a bench.yaml. @throws HarnessError CONFIGURATION — the message names file and line */
export function readInventory(path: string): readonly BenchModule[] {
  return readYaml(path, schema).modules;
}

function isListen(place: string): boolean {
  try {
    parseListen(place);
    return true;
  } catch {
    return false; // the schema says what would be one
  }
}

function areUnique(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
