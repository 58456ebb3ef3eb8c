import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { VirtualSpec } from '../bench/module-spec.ts';
import { VirtualModule } from '../bench/virtual-module.ts';
import { OutcomeFollower } from '../run/follow-outcomes.ts';
import type { ScenarioOutcome } from '../run/outcome.ts';
import { virtualLane } from '../run/virtual-lane.ts';
import type { Trial, TrialEnd } from './trial.ts';
import type { TrialLane } from './trial-lane.ts';

/** A kind of virtual module, without a defect. */
export interface TrialModule extends VirtualSpec {
  /** Path of `qlhil-vmodule`. */
  readonly binary: string;
}

export interface TrialRunnerOptions {
  readonly seed: number;
  readonly tlsDir: string;
  readonly hashKey: string;
  /** A private folder. */
  readonly folder: string;
  /** Where outcomes and timelines stay, a folder a trial; undefined: they go when the trial is over. */
  readonly kept: string | undefined;
}

export interface TrialRequest {
  readonly module: TrialModule;
  /** Of its folder. */
  readonly name: string;
  readonly defects: readonly string[];
  /** In the order in which they run. */
  readonly scenarios: readonly string[];
  readonly until: Trial['until'];
}

export interface TrialResult extends TrialEnd {
  readonly outcomes: readonly ScenarioOutcome[];
}

/** Starts a virtual module for a trial, has it tried on a lane, and reads what came of it. */
export class TrialRunner {
  readonly #options: TrialRunnerOptions;
  #trials = 0;

  constructor(options: TrialRunnerOptions) {
    this.#options = options;
  }

  /** @throws HarnessError CHILD_FAILED, HARNESS_BUG — the virtual module does not start, or the lane's process ended */
  async run(lane: TrialLane, request: TrialRequest): Promise<TrialResult> {
    const { folder, kept, seed } = this.#options;
    const { module } = request;
    this.#trials += 1;
    const own = join(folder, `trial-${this.#trials}`);
    const runDir = join(kept ?? own, kept === undefined ? 'run' : `${this.#trials}-${request.name}`);
    mkdirSync(join(runDir, 'timelines'), { recursive: true });
    const spec = { ...module, defects: [...module.defects, ...request.defects] };
    try {
      await using virtual = await VirtualModule.start({
        spec,
        binary: module.binary,
        folder: join(own, 'module'),
        seed,
        copy: lane.index + 1,
      });
      const end = await lane.run(this.#trial(request, runDir, virtual));
      return { ...end, outcomes: new OutcomeFollower(runDir).read() };
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }

  #trial({ module, scenarios, until }: TrialRequest, runDir: string, virtual: VirtualModule): Trial {
    const { seed, tlsDir, hashKey } = this.#options;
    const lane = virtualLane(module, virtual);
    const only = [...scenarios];
    const plan = {
      runDir,
      seed,
      lanes: [lane],
      only,
      repeat: 1,
      strict: false,
      known: [],
      pcap: false,
      tlsDir,
      hashKey,
    } as const;
    return { plan: { schema: 'qlhil-plan/1', ...plan, lanes: [lane], known: [] }, until };
  }
}
