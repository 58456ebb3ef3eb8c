import type { Rig } from '../rig/rig.ts';
import { findJest } from './jest-globals.ts';

export type { Client, ReturnedCall } from '../rig/client.ts';
export type { Rig } from '../rig/rig.ts';

export type Scheme = 'mqtt' | 'mqtts';

/** What a scenario creates, and the clauses that it puts to the test. What must hold is said by rules and by `rig.expect`. */
export interface Scenario {
  /** `<area>/<what-happens>`, kebab-case, unique in the suite. */
  readonly id: string;
  /** A sentence about the module. */
  readonly title: string;
  readonly clauses: readonly string[];
  /** Runs once over each; the id gains `@mqtt` or `@mqtts`. Left out: the scenario opens no connection or picks its own. */
  readonly over?: readonly Scheme[];
  /** Features of the shim's `hello`, or capabilities of the network, without which it is skipped. */
  readonly needs?: readonly string[];
  /** The time that one attempt may take, epilogue not counted. */
  readonly budgetMs?: number;
  run(rig: Rig): Promise<void>;
}

/** One scenario over one scheme, as the runner and `qlhil list` see it. */
export interface ScenarioVariant extends Omit<Scenario, 'over'> {
  readonly scheme: Scheme;
}

/** Set by `qlhil run`. */
export const REPEAT_VARIABLE = 'QLHIL_REPEAT';

/** Of a scenario that names no budget. */
export const DEFAULT_BUDGET_MS = 60_000;
/**
 * One retry of an inconclusive attempt, an epilogue and all rungs of the ladder each, and the opening of the port. A Jest time-out is a
 * bug of the harness: it is never what ends a wait.
 */
const JEST_SLACK_MS = 900_000;

/** Timers of Node end at once beyond it. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const variants = new Map<string, ScenarioVariant>();

/**
 * Registers a scenario. Under Jest it becomes one test for each scheme; elsewhere it is only noted, for `qlhil list`.
 *
 * @throws Error — if the id is taken
 */
export function scenario(definition: Scenario): void {
  for (const variant of variantsOf(definition)) register(variant);
}

/** All variants registered so far, in order. */
export function registeredScenarios(): readonly ScenarioVariant[] {
  return [...variants.values()];
}

function variantsOf({ over, ...rest }: Scenario): ScenarioVariant[] {
  if (over === undefined) return [{ ...rest, scheme: 'mqtt' }];
  return over.map((scheme) => ({ ...rest, id: `${rest.id}@${scheme}`, scheme }));
}

function register(variant: ScenarioVariant): void {
  if (variants.has(variant.id)) throw new Error(`two scenarios are called ${variant.id}`);
  variants.set(variant.id, variant);
  const jest = findJest();
  if (jest === undefined) return;
  if (variants.size === 1) jest.afterAll(closeBench, JEST_SLACK_MS);
  const budgetMs = variant.budgetMs ?? DEFAULT_BUDGET_MS;
  const run = () => runUnderJest(variant, budgetMs, jest.file());
  jest.test(variant.id, run, Math.min(LONGEST_TIMEOUT_MS, rounds() * (2 * budgetMs + JEST_SLACK_MS)));
}

/** How often the test runs its scenario: the plan's `repeat`, here without loading what reads a plan. */
function rounds(): number {
  return Number(process.env[REPEAT_VARIABLE] ?? '1');
}

async function runUnderJest(variant: ScenarioVariant, budgetMs: number, file: string): Promise<void> {
  // Imported late: listing the scenarios must not load the port, the broker and the judge.
  const { attempt } = await import('./attempt.ts');
  await attempt(variant, budgetMs, file);
}

async function closeBench(): Promise<void> {
  const { closeWorkbench } = await import('./workbench.ts');
  await closeWorkbench();
}
