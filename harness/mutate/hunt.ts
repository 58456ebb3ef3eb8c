import type { Defect } from '../bench/virtual-catalogue.ts';
import { systemClock } from '../clock.ts';
import { isFailure } from '../errors.ts';
import type { ScenarioOutcome } from '../run/outcome.ts';
import { CleanControl } from './clean-control.ts';
import type { MutateContext } from './mutate-request.ts';
import { spread } from './spread.ts';
import type { TrialLane } from './trial-lane.ts';
import type { TrialModule, TrialRequest, TrialResult, TrialRunner } from './trial-runner.ts';
import { findKill, type TriedDefect, whatTold } from './tried-defect.ts';

/** The scenarios to try on a defect, in order. */
export type ScenariosOf = (defect: Defect) => readonly string[];

export interface HuntOptions {
  readonly lanes: readonly TrialLane[];
  readonly runner: TrialRunner;
  readonly context: MutateContext;
  /** What is given the defects. */
  readonly module: TrialModule;
}

/** What came of it on one kind of module. */
export interface HuntResult {
  readonly defects: readonly TriedDefect[];
  readonly control: CleanControl;
  /** What the rig did not manage. */
  readonly troubles: readonly string[];
  /** Rules that threw. */
  readonly bugs: readonly string[];
}

/** Looks for what gives each defect away, and runs whatever ran on it on a module without one, too. */
export class Hunt {
  readonly #options: HuntOptions;
  readonly #control = new CleanControl();
  readonly #tried = new Map<string, TriedDefect>();
  readonly #outcomes = new Map<string, readonly ScenarioOutcome[]>();
  readonly #troubles: string[] = [];
  readonly #bugs: string[] = [];

  constructor(options: HuntOptions) {
    this.#options = options;
  }

  /** A defect that was noticed by nothing but what a clean module is told, too, is searched again without that. */
  async search(defects: readonly Defect[], scenariosOf: ScenariosOf): Promise<void> {
    const { lanes, context } = this.#options;
    let open = defects;
    while (open.length > 0 && context.stop.reason === undefined) {
      await spread(lanes, open, (lane, defect) => this.#try(lane, defect, scenariosOf(defect)));
      const hadAlarms = new Set(this.#control.keys);
      await this.#runControl();
      const fresh = this.#control.keys.filter((key) => !hadAlarms.has(key));
      open = fresh.length === 0 ? [] : open.filter(({ name }) => this.#restsOn(name, fresh));
    }
  }

  survivors(): readonly TriedDefect[] {
    return [...this.#tried.values()].filter(({ killedBy }) => killedBy === null);
  }

  result(): HuntResult {
    return {
      defects: [...this.#tried.values()],
      control: this.#control,
      troubles: [...this.#troubles, ...this.#control.troubles],
      bugs: this.#bugs,
    };
  }

  async #try(lane: TrialLane, defect: Defect, scenarios: readonly string[]): Promise<void> {
    const { name, clause } = defect;
    const startedMs = systemClock.nowMs();
    const except = this.#control.keys;
    const result = await this.#run(lane, { name, defects: [name], scenarios, until: { clause, except } });
    if (result === undefined) return;
    const before = this.#tried.get(name);
    const outcomes = [...(this.#outcomes.get(name) ?? []), ...result.outcomes];
    this.#outcomes.set(name, outcomes);
    const tried = {
      ...defect,
      killedBy: findKill(defect, outcomes, except),
      told: whatTold(outcomes),
      scenarios: new Set(outcomes.map(({ scenario }) => scenario)).size,
      durationMs: Math.round(systemClock.nowMs() - startedMs + (before?.durationMs ?? 0)),
    };
    this.#tried.set(name, tried);
    this.#options.context.view.tried(tried);
  }

  /** Runs what ran on a defect and not yet without one, in shares of equal size. */
  async #runControl(): Promise<void> {
    const { lanes } = this.#options;
    const ran = [...this.#outcomes.values()].flat().map(({ scenario }) => scenario);
    const lacking = this.#control.lacking(ran);
    const shares = lanes.map((_, share) => lacking.filter((__, position) => position % lanes.length === share));
    await spread(lanes, shares, async (lane, scenarios) => {
      if (scenarios.length === 0) return;
      const result = await this.#run(lane, { name: 'clean', defects: [], scenarios, until: null });
      this.#control.add(result?.outcomes ?? []);
    });
  }

  /** Undefined if it did not take place, or was ended early by the user. */
  async #run(lane: TrialLane, request: Omit<TrialRequest, 'module'>): Promise<TrialResult | undefined> {
    const { runner, context, module } = this.#options;
    if (context.stop.reason !== undefined) return undefined;
    try {
      const result = await runner.run(lane, { ...request, module });
      this.#bugs.push(...result.bugs);
      if (result.trouble !== null) this.#troubles.push(`${request.name}: ${result.trouble}`);
      return result;
    } catch (thrown) {
      if (isStopped(context)) return undefined;
      if (!isFailure(thrown, 'CHILD_FAILED')) throw thrown;
      this.#troubles.push(`${request.name}: ${thrown.message}`);
      return undefined;
    }
  }

  #restsOn(name: string, alarms: readonly string[]): boolean {
    const killedBy = this.#tried.get(name)?.killedBy;
    return killedBy !== null && killedBy !== undefined && alarms.includes(killedBy.key);
  }
}

/** Asked again after a wait: the compiler takes it for what it was before. */
function isStopped({ stop }: MutateContext): boolean {
  return stop.reason !== undefined;
}
