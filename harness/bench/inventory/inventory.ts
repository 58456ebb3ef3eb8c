import * as v from 'valibot';
import { parseListen } from '../../../broker/parse-listen.ts';
import { DEFAULT_BUDGET } from '../ladder/wear-budget.ts';
import { powerSchema } from '../power/power-settings.ts';
import { readYaml } from '../read-yaml.ts';

const text = v.pipe(v.string('a text is wanted; put quotes round a number'), v.minLength(1, 'it is empty'));

const listen = v.pipe(
  text,
  v.check(isListen, 'a place to listen at looks like 0.0.0.0, or 0.0.0.0:20000-20099 for some ports only'),
);

const count = v.pipe(
  v.number('a number is wanted'),
  v.integer('a whole number is wanted'),
  v.minValue(0, 'at least 0'),
);

/** A module registers before its application starts the shim. */
const DEFAULT_BOOT_S = 40;

const budgets = v.strictObject({
  resetsAnHour: v.optional(count, DEFAULT_BUDGET.resetsAnHour),
  attachesAnHour: v.optional(count, DEFAULT_BUDGET.attachesAnHour),
  bootS: v.optional(v.pipe(count, v.minValue(1, 'at least 1'), v.maxValue(600, 'at most 600')), DEFAULT_BOOT_S),
});

const moduleFields = v.strictObject({
  /** What `--module` takes. */
  name: v.pipe(
    text,
    v.regex(/^[a-z][a-z0-9-]*$/u, 'a name has small letters, digits and hyphens'),
    v.check((name) => name !== 'virtual', "'virtual' is taken"),
  ),
  /** Where it is plugged in, as `qlhil devices` shows it. */
  usb: v.optional(v.pipe(text, v.regex(/^\d+-\d+(?:\.\d+)*$/u, 'a USB path looks like 1-1.3'))),
  /** In place of `usb`: the shim's port behind a server such as ser2net, `host:port`. */
  tcp: v.optional(v.pipe(text, v.regex(/^(?:\[[^\]]+\]|[^:[\]]+):\d{1,5}$/u, 'a TCP port looks like host:4000'))),
  imei: v.optional(v.pipe(text, v.regex(/^\d{15}$/u, 'an IMEI has 15 digits'))),
  sku: v.optional(v.pipe(text, v.regex(/^E[CG]\d{3}[A-Z]-[A-Z]{2,3}$/u, 'a SKU looks like EC200U-CN'))),
  /** The port that the shim listens on. */
  rpc: v.optional(v.picklist(['nmea', 'modem', 'acm'], 'the RPC port is nmea, modem or acm'), 'nmea'),
  /** The broker as the module sees it, and the address on which it listens here. */
  broker: v.optional(v.strictObject({ host: text, listen: v.optional(listen) })),
  apn: v.optional(v.string()),
  labels: v.optional(v.array(text), []),
  /** How its supply is switched. */
  power: v.optional(powerSchema),
  /** How much it may be worn within an hour, and how long it takes from a reset to the shim's first answer. */
  budgets: v.optional(budgets),
});

const moduleEntry = v.pipe(
  moduleFields,
  v.forward(
    v.check(({ usb, tcp }) => (usb === undefined) !== (tcp === undefined), 'say where it is: usb, or else tcp'),
    ['usb'],
  ),
);

const schema = v.strictObject({
  modules: v.pipe(
    v.array(moduleEntry),
    v.minLength(1, 'it lists no module'),
    v.check((modules) => areUnique(modules.map(({ name }) => name)), 'two modules have the same name'),
    v.check((modules) => areUnique(modules.flatMap(({ usb }) => usb ?? [])), 'two modules are on the same USB path'),
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

/** What an entry says of its budgets, with what it leaves out. */
export function budgetsOf(module: BenchModule): v.InferOutput<typeof budgets> {
  return module.budgets ?? v.parse(budgets, {});
}
