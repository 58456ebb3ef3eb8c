import { HarnessError } from '../errors.ts';
import type { UsbRoots } from '../flash/target/scan-usb.ts';
import { findClosestName } from './closest-name.ts';
import type { BenchModule } from './inventory/inventory.ts';
import type { SdkGeneration, Sku } from './sku.ts';
import type { VirtualCatalogue } from './virtual-catalogue.ts';

/** A module as the command line names it. */
export type ModuleSpec = NamedSpec | BenchSpec;

/** One that needs no inventory. */
export type NamedSpec = VirtualSpec | TtySpec | TcpSpec;

export interface VirtualSpec {
  readonly kind: 'virtual';
  /** As typed, without the count. */
  readonly text: string;
  readonly sku: Sku;
  readonly sdk: SdkGeneration;
  /** What it reports; undefined: whatever was last flashed into its folder. */
  readonly revision: string | undefined;
  /** A folder that keeps its flash and its files from one start to the next. */
  readonly folder: string | undefined;
  readonly personality: string | undefined;
  readonly defects: readonly string[];
  readonly seed: number | undefined;
  /** `key=value` for the virtual module's `--set`. */
  readonly settings: readonly string[];
  /** Between it and this host there is a network of its own, whose faults can be chosen; else it is on the loopback. */
  readonly hasOwnNetwork: boolean;
  /** How many of the kind. */
  readonly count: number;
}

export interface TtySpec {
  readonly kind: 'tty';
  readonly text: string;
  readonly path: string;
}

/** Named from the inventory. Its port is looked for once its supply is on. */
export interface BenchSpec {
  readonly kind: 'bench';
  readonly text: string;
  readonly module: BenchModule;
  /** Where it is plugged in. */
  readonly roots: UsbRoots;
}

export interface TcpSpec {
  readonly kind: 'tcp';
  readonly text: string;
  readonly host: string;
  readonly port: number;
}

export interface KnownNames extends VirtualCatalogue {
  readonly skus: readonly Sku[];
}

const DEFAULT_SKU = 'EG500U-CN';
const MAX_COUNT = 16;
const OPTIONS = ['defect', 'folder', 'network', 'personality', 'revision', 'sdk', 'seed', 'set.<key>'];

/**
 * `virtual[:SKU][*N][?option=value&…]`, a path of a TTY, or `tcp:host:port`.
 *
 * @throws HarnessError CONFIGURATION — it is none of these, or names something unknown; the message lists what is known
 */
export function parseModuleSpec(text: string, known: KnownNames): NamedSpec {
  if (/^virtual(?:$|[:*?])/u.test(text)) return parseVirtual(text, known);
  if (text.startsWith('tcp:')) return parseTcp(text);
  if (text.startsWith('/') || text.startsWith('./')) return { kind: 'tty', text, path: text };
  throw refusal(
    text,
    `unknown module '${text}': give virtual, virtual:<SKU>, /dev/tty…, tcp:host:port, or a name of bench.yaml`,
  );
}

function parseTcp(text: string): TcpSpec {
  const [, host, port] = /^tcp:(\[[^\]]+\]|[^:]+):(\d+)$/u.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw refusal(text, `'${text}' is not tcp:host:port`);
  }
  return { kind: 'tcp', text, host: host.replaceAll(/[[\]]/gu, ''), port: Number(port) };
}

const VIRTUAL = /^virtual(?::(?<sku>[^*?]*))?(?:\*(?<before>[^?]*))?(?:\?(?<query>.*?))?(?:\*(?<after>\d+))?$/u;

function parseVirtual(text: string, known: KnownNames): VirtualSpec {
  const { sku: name = DEFAULT_SKU, before, query = '', after } = VIRTUAL.exec(text)?.groups ?? {};
  const sku = findSku(text, name, known.skus);
  const options = readOptions(text, query, known);
  const count = readCount(text, before ?? after);
  if (options.folder !== undefined && count > 1) throw refusal(text, `'${text}': a folder is for one module alone`);
  return {
    kind: 'virtual',
    text: `virtual:${sku.sku}${query === '' ? '' : `?${query}`}`,
    sku,
    sdk: options.sdk ?? sku.sdk,
    revision: options.revision ?? (options.folder === undefined ? sku.revision : undefined),
    folder: options.folder,
    personality: options.personality,
    defects: options.defects,
    seed: options.seed,
    settings: options.settings,
    hasOwnNetwork: options.hasOwnNetwork === true,
    count,
  };
}

function findSku(text: string, name: string, skus: readonly Sku[]): Sku {
  const sku = skus.find((candidate) => candidate.sku.toLowerCase() === name.toLowerCase());
  if (sku !== undefined) return sku;
  throw unknownName(
    text,
    'SKU',
    name,
    skus.map((candidate) => candidate.sku),
  );
}

function readCount(text: string, count: string | undefined): number {
  if (count === undefined) return 1;
  if (/^\d+$/u.test(count) && Number(count) >= 1 && Number(count) <= MAX_COUNT) return Number(count);
  throw refusal(text, `'${text}': after * comes a number from 1 to ${MAX_COUNT}`);
}

interface VirtualOptions {
  sdk?: SdkGeneration;
  revision?: string;
  folder?: string;
  personality?: string;
  seed?: number;
  hasOwnNetwork?: true;
  readonly defects: string[];
  readonly settings: string[];
}

function readOptions(text: string, query: string, known: KnownNames): VirtualOptions {
  const options: VirtualOptions = { defects: [], settings: [] };
  // Not URLSearchParams: a + in a value is a plus here.
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw refusal(text, `'${pair}' in '${text}' is not option=value`);
    readOption(options, decode(text, pair.slice(0, equals)), decode(text, pair.slice(equals + 1)), { text, known });
  }
  return options;
}

interface Context {
  readonly text: string;
  readonly known: KnownNames;
}

function readOption(options: VirtualOptions, name: string, value: string, { text, known }: Context): void {
  if (name.startsWith('set.')) options.settings.push(readSetting(text, name.slice('set.'.length), value, known));
  else if (name === 'defect') options.defects.push(...readDefects(text, value, known));
  else if (name === 'personality') options.personality = readPersonality(text, value, known);
  else if (name === 'sdk') options.sdk = readSdk(text, value);
  else if (name === 'seed') options.seed = readSeed(text, value);
  else if (name === 'revision') options.revision = value;
  else if (name === 'folder') options.folder = value;
  else if (name === 'network') options.hasOwnNetwork = readNetwork(text, value);
  else throw unknownName(text, 'option', name, OPTIONS);
}

function readSetting(text: string, key: string, value: string, known: KnownNames): string {
  const engineKey = /^mqtt\.(.*)$/u.exec(key)?.[1];
  if (engineKey !== undefined && !known.engineSettings.includes(engineKey)) {
    throw unknownName(
      text,
      'setting',
      key,
      known.engineSettings.map((name) => `mqtt.${name}`),
    );
  }
  return `${key}=${value}`;
}

function readDefects(text: string, value: string, known: KnownNames): string[] {
  const names = known.defects.map((defect) => defect.name);
  const asked = value.split(',');
  for (const name of asked) if (!names.includes(name)) throw unknownName(text, 'defect', name, names);
  return asked;
}

function readPersonality(text: string, value: string, known: KnownNames): string {
  const names = known.personalities.map((personality) => personality.name);
  if (!names.includes(value)) throw unknownName(text, 'personality', value, names);
  return value;
}

function readSdk(text: string, value: string): SdkGeneration {
  if (value === 'manual' || value === 'r03') return value;
  throw unknownName(text, 'SDK generation', value, ['manual', 'r03']);
}

function readNetwork(text: string, value: string): true {
  if (value === 'own') return true;
  throw unknownName(text, 'network', value, ['own']);
}

function readSeed(text: string, value: string): number {
  const seed = Number(value);
  if (/^\d+$/u.test(value) && seed <= 0xff_ff_ff_ff) return seed;
  throw refusal(text, `'${text}': a seed is a number from 0 to 4294967295`);
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refusal(text, `'${part}' in '${text}' has a % that starts no escape`);
  }
}

function unknownName(text: string, what: string, name: string, names: readonly string[]): HarnessError {
  const closest = findClosestName(name, names);
  const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
  return refusal(text, `unknown ${what} '${name}'${hint} (known: ${names.join(', ')})`);
}

function refusal(subject: string, message: string): HarnessError {
  return new HarnessError('CONFIGURATION', message, { subject });
}
