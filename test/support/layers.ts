import type { Import } from './imports.ts';

/** What a folder may import of our other folders; `types` only as types. */
interface Layer {
  readonly uses?: readonly string[];
  readonly types?: readonly string[];
}

const LEAVES = ['harness/errors.ts', 'harness/clock.ts'];

/** Arrows point down: a folder names only what stands above it in this table, but for types. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  'harness/errors.ts': {},
  'harness/clock.ts': {},
  broker: {},
  'scenarios/clauses': {},
  'harness/protocol': { uses: ['harness/errors.ts'] },
  'harness/transport': { uses: [...LEAVES, 'harness/protocol'] },
  'harness/rpc': { uses: [...LEAVES, 'harness/protocol', 'harness/transport'] },
  'harness/module': { uses: [...LEAVES, 'harness/protocol', 'harness/transport', 'harness/rpc'] },
  'harness/flash': { uses: LEAVES },
  'harness/bench': {
    uses: [...LEAVES, 'broker', 'harness/protocol', 'harness/transport', 'harness/module', 'harness/flash'],
  },
  'harness/timeline': { uses: [...LEAVES, 'harness/protocol'], types: ['broker'] },
  'harness/capture': { types: ['broker'] },
  'harness/oracle': {
    uses: ['harness/errors.ts', 'harness/protocol', 'harness/timeline'],
    types: ['broker', 'harness/run'],
  },
  'harness/report': { uses: ['harness/protocol', 'harness/timeline'], types: ['broker', 'harness/run'] },
  'harness/compare': { uses: ['harness/report'], types: ['harness/run'] },
  'harness/report/page': {
    uses: ['harness/protocol', 'harness/timeline', 'harness/report'],
    types: ['broker', 'harness/run'],
  },
  'harness/rig': {
    uses: [...LEAVES, 'broker', 'harness/protocol', 'harness/module', 'harness/timeline', 'harness/oracle'],
    types: ['harness/run'],
  },
  'harness/run': {
    uses: [
      ...LEAVES,
      'broker',
      'scenarios/clauses',
      'harness/protocol',
      'harness/transport',
      'harness/rpc',
      'harness/module',
      'harness/bench',
      'harness/timeline',
      'harness/capture',
      'harness/oracle',
      'harness/report',
      'harness/compare',
      'harness/rig',
    ],
  },
  'harness/mutate': {
    uses: [...LEAVES, 'harness/bench', 'harness/run'],
  },
  'scenarios/support': { uses: ['harness/errors.ts', 'harness/protocol', 'harness/oracle', 'harness/rig', 'broker'] },
  scenarios: {
    uses: ['harness/errors.ts', 'harness/protocol', 'harness/run', 'harness/rig', 'broker', 'scenarios/support'],
  },
};

/** Folders that may import everything of ours. */
const TOPS: ReadonlySet<string> = new Set(['bin', 'test', 'bench']);

/** Where an npm package may be imported; for a file, in it alone. Tests may import all of them. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  serialport: ['harness/transport/serial.ts', 'bench'],
  '@serialport/parser-readline': ['harness/transport', 'bench/bare'],
  aedes: ['broker'],
  'mqtt-packet': ['broker'],
  '@peculiar/x509': ['broker/tls'],
  'reflect-metadata': ['broker/tls'],
  yargs: ['bin'],
  '@swc/core': ['harness/run/typescript-loader.ts'],
  yaml: ['harness/bench'],
  valibot: ['harness', 'bench'],
  'simple-statistics': ['harness/compare'],
  preact: ['harness/report/page'],
  'playwright-core': ['bench'],
};

/** Pure folders: no I/O, no clock, no npm packages but pure ones. */
const PURE = ['harness/oracle', 'harness/report', 'harness/compare', 'scenarios/clauses'];
/** Runs in a browser: with its clock, without Node. */
const BROWSER = ['harness/report/page'];

/** What pure folders may import all the same: it is pure itself. */
const PURE_PACKAGES = ['simple-statistics'];

export function isPure(path: string): boolean {
  return isIn(path, PURE) && !isIn(path, BROWSER);
}

/** What is wrong with an import, in a sentence; undefined if nothing is. */
export function findWrong(found: Import): string | undefined {
  const { from, to, kind } = found;
  if (isPure(from) && kind !== 'own' && !PURE_PACKAGES.includes(to))
    return `${from} is in a pure folder and imports ${to}`;
  if (kind === 'package') return isIn(from, PACKAGE_HOMES[to] ?? []) ? undefined : `${from} must not import ${to}`;
  if (kind === 'node') return isIn(from, BROWSER) ? `${from} runs in a browser and imports ${to}` : undefined;
  const [source, target] = [areaOf(from), areaOf(to)];
  if (source === target || TOPS.has(source)) return undefined;
  const layer = LAYERS[source];
  if (layer === undefined) return `${source} has no place in the table of layers`;
  const allowed = found.isTypeOnly ? [...(layer.uses ?? []), ...(layer.types ?? [])] : (layer.uses ?? []);
  return allowed.includes(target) ? undefined : `${from} must not import ${to}`;
}

/** The row of the table that a path belongs to: the longest that fits. */
function areaOf(path: string): string {
  const rows = Object.keys(LAYERS).filter((row) => path === row || path.startsWith(`${row}/`));
  const [longest] = rows.toSorted((a, b) => b.length - a.length);
  const parts = path.split('/');
  return longest ?? (parts[0] === 'harness' ? parts.slice(0, 2).join('/') : (parts[0] ?? path));
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
