import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { buildFirmware } from '../bench/firmware-build.ts';
import type { SdkGeneration } from '../bench/sku.ts';
import type { Defect } from '../bench/virtual-catalogue.ts';
import { makeRunFolder } from '../run/run-folder.ts';
import { findScenarioFiles } from '../run/scenario-files.ts';
import { type IndexedScenario, indexScenarios } from '../run/scenario-index.ts';
import { makeTlsFolder } from '../run/tls-folder.ts';
import { Workspace } from '../run/workspace.ts';
import { areaOfDefect, sdkOfDefect } from './defect-area.ts';
import { Hunt, type HuntResult } from './hunt.ts';
import type { MutateContext, MutateRequest } from './mutate-request.ts';
import { type MutateResult, mutateResult } from './mutate-result.ts';
import { TrialLane } from './trial-lane.ts';
import { TrialRunner } from './trial-runner.ts';

/**
 * Tries the suite on every defect: the scenarios of its area first, all of them if those miss it, and what ran on a module without one.
 *
 * @throws HarnessError CONFIGURATION, CHILD_FAILED — before anything ran
 */
export async function mutate(request: MutateRequest, context: MutateContext): Promise<MutateResult> {
  const scenarios = await indexScenarios(findScenarioFiles([]));
  const generations = bySdk(request);
  const binaries = new Map<SdkGeneration, string>();
  for (const sdk of generations.keys()) binaries.set(sdk, await build(sdk, context));
  await using workspace = await Workspace.make();
  const tlsDir = join(workspace.folder, 'tls');
  await makeTlsFolder(tlsDir, ['localhost', '127.0.0.1']);
  const { seed } = request;
  const kept = request.out === undefined ? undefined : makeRunFolder(request.out, new Date());
  const runner = new TrialRunner({ seed, tlsDir, hashKey: newHashKey(), folder: workspace.folder, kept });
  await using lanes = TrialLanes.open(request.lanes);
  context.stop.onAsked(() => lanes.kill());
  const results: HuntResult[] = [];
  for (const [sdk, defects] of generations) {
    const module = { ...request.module, sdk, binary: binaries.get(sdk) ?? '' };
    const hunt = new Hunt({ lanes: lanes.all, runner, context, module });
    await hunt.search(defects, (defect) => areaOfDefect(defect, scenarios));
    if (!request.areaOnly) await hunt.search(hunt.survivors(), (defect) => othersThan(defect, scenarios));
    results.push(hunt.result());
  }
  return mutateResult(results, context.stop.reason);
}

function othersThan(defect: Defect, scenarios: readonly IndexedScenario[]): readonly string[] {
  const area = new Set(areaOfDefect(defect, scenarios));
  return scenarios.map(({ id }) => id).filter((id) => !area.has(id));
}

function bySdk({ module, defects }: MutateRequest): ReadonlyMap<SdkGeneration, readonly Defect[]> {
  const groups = new Map<SdkGeneration, Defect[]>();
  for (const defect of defects) {
    const sdk = sdkOfDefect(defect, module.sdk);
    groups.set(sdk, [...(groups.get(sdk) ?? []), defect]);
  }
  return groups;
}

function build(sdk: SdkGeneration, { view }: MutateContext): Promise<string> {
  return buildFirmware(sdk, () => view.note(`building the firmware of the virtual module (${sdk} generation)`));
}

function newHashKey(): string {
  return randomBytes(32).toString('hex');
}

class TrialLanes implements AsyncDisposable {
  readonly all: readonly TrialLane[];

  static open(count: number): TrialLanes {
    return new TrialLanes(Array.from({ length: count }, (_, index) => new TrialLane(index)));
  }

  private constructor(all: readonly TrialLane[]) {
    this.all = all;
  }

  kill(): void {
    for (const lane of this.all) lane.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((lane) => lane[Symbol.asyncDispose]()));
  }
}
