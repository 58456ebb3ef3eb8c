import type { SdkGeneration } from '../bench/sku.ts';
import type { Defect } from '../bench/virtual-catalogue.ts';
import type { IndexedScenario } from '../run/scenario-index.ts';

/** Where a defect of a family shows: areas of scenarios, which are what stands before the `/` of an id. */
export const FAMILY_AREAS: Readonly<Record<string, readonly string[]>> = {
  returns: ['publish', 'misuse', 'topics', 'session', 'is-connected', 'limits'],
  callbacks: ['publish', 'connect', 'connect-refused', 'disconnect', 'loss', 'deinit', 'publish-acks', 'two-clients'],
  state: ['is-connected', 'loss', 'connect', 'disconnect', 'session'],
  wire: ['publish', 'subscribe', 'connect-fields', 'disconnect', 'payloads', 'retained', 'publish-acks', 'session'],
  'keep-alive': ['keep-alive', 'connect-fields'],
  ledgers: ['publish-acks', 'publish', 'subscribe', 'session', 'limits'],
  inbound: ['inbound', 'payloads', 'topics', 'retained', 'illegal-frames'],
  tls: ['connect', 'tls-verify', 'tls-mutual', 'connect-lost'],
  resources: ['limits', 'deinit', 'connect-refused', 'connect-lost', 'loss'],
  time: ['tls-verify', 'connect-lost', 'onenet-token'],
  tokens: ['onenet-token'],
  crash: ['misuse', 'topics', 'payloads'],
  hang: ['misuse', 'publish', 'publish-acks', 'two-clients'],
};

/** Defects in what only the later generation of the SDK can be asked for. */
const OF_LATER_SDK: ReadonlySet<string> = new Set(['sni-missing', 'resend-without-end']);

/** The generation of the SDK on which a defect can show at all, given the one that was asked for. */
export function sdkOfDefect({ name }: Pick<Defect, 'name'>, asked: SdkGeneration): SdkGeneration {
  return OF_LATER_SDK.has(name) ? 'r03' : asked;
}

/**
 * Ids of the scenarios that are tried first on a defect: in its family's areas those that cite its clause, then those that cite it
 * elsewhere, then the rest of the areas.
 */
export function areaOfDefect(
  { clause, family }: Pick<Defect, 'clause' | 'family'>,
  scenarios: readonly IndexedScenario[],
): readonly string[] {
  const areas = FAMILY_AREAS[family] ?? [];
  const near = areas.flatMap((area) => scenarios.filter(({ id }) => id.startsWith(`${area}/`)));
  const isCiting = ({ clauses }: IndexedScenario) => clauses.includes(clause);
  return [...new Set([...near.filter(isCiting), ...scenarios.filter(isCiting), ...near].map(({ id }) => id))];
}
