import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority } from '../../broker/tls/authority.ts';
import { HarnessError } from '../errors.ts';
import type { NamedBaseline } from './baseline.ts';
import { EXIT, pickExitCode } from './exit-code.ts';
import { GroupRun } from './group-run.ts';
import { checkPorts, groupModules, type StartedGroup } from './module-group.ts';
import { pickBaseline } from './pick-baseline.ts';
import { recordGroup } from './record-group.ts';
import { linkLatest, makeRunFolder } from './run-folder.ts';
import type { RunRequest } from './run-request.ts';
import type { RunContext, RunResult, RunView } from './run-view.ts';
import { findScenarioFiles } from './scenario-files.ts';
import { type IndexedScenario, indexScenarios } from './scenario-index.ts';
import { selectScenarios } from './select-scenarios.ts';
import { StartedGroups } from './started-groups.ts';
import { isSignal } from './stop-request.ts';
import { makeTlsFolder } from './tls-folder.ts';
import { Workspace } from './workspace.ts';

/** How long the scenarios that run may take to end after a signal; what is left of 5 s is for parking the modules. */
const STOP_BUDGET_MS = 2_000;

/**
 * Runs scenarios on modules, and leaves a record of what they did.
 *
 * @throws HarnessError CONFIGURATION, PORT_LOST, CHILD_FAILED — before anything ran
 */
export async function runScenarios(request: RunRequest, context: RunContext): Promise<RunResult> {
  checkPorts(request.modules);
  const all = await indexScenarios(findScenarioFiles(request.files));
  const selected = selectScenarios(all, request);
  if (selected.length === 0) return { groups: [], exitCode: EXIT.nothingRan };
  await using workspace = await Workspace.make();
  const tlsDir = join(workspace.folder, 'tls');
  const authority = makeAuthority();
  authority.catch(() => undefined); // awaited below; this keeps a module that does not start from leaving it unhandled
  await using started = await StartedGroups.start(groupModules(request.modules), request, {
    folder: workspace.folder,
    onNote: (note) => context.view.note(note),
  });
  await makeTlsFolder(tlsDir, brokerNames(started), authority);
  // Awaited here: what it runs on is disposed of on the way out.
  return await conduct(request, context, { all, selected, workspace, tlsDir, groups: started.groups });
}

/** Names and addresses by which the modules know the broker. */
function brokerNames({ groups }: StartedGroups): readonly string[] {
  const lanes = groups.flatMap((group) => group.lanes);
  const addresses = lanes.map(({ brokerHost }) => brokerHost);
  const names = lanes.flatMap(({ network }) => network?.hostName ?? []);
  return [...new Set(['localhost', '127.0.0.1', ...addresses, ...names])];
}

interface RunParts {
  readonly all: readonly IndexedScenario[];
  readonly selected: readonly IndexedScenario[];
  readonly workspace: Workspace;
  readonly tlsDir: string;
  readonly groups: readonly StartedGroup[];
}

async function conduct(request: RunRequest, context: RunContext, parts: RunParts): Promise<RunResult> {
  const { all, groups, selected } = parts;
  const held = groups.map((group) => holdAgainst(group, request, context.view));
  const startedAt = new Date();
  const folder = makeRunFolder(request.out, startedAt);
  const modules = groups.flatMap(({ lanes }) => lanes).length;
  context.view.begun({
    folder,
    scenarios: selected.length * groups.length,
    modules,
    groups: groups.length,
    seed: request.seed,
  });
  const runs = held.map((one) => prepare(request, context, Object.assign({ folder }, parts, one)));
  await runUntilStopped(request, context, { runs: runs.map(({ run }) => run), workspace: parts.workspace });
  await lookLast(
    runs.map(({ run }) => run),
    context,
  );
  if (isSignal(context.stop.reason)) await park(groups, context.view);
  const recorded = runs.map(({ group, run, runDir, baseline }) =>
    recordGroup({
      request,
      baseline,
      context,
      group,
      run,
      runDir,
      startedAt: startedAt.toISOString(),
      scenarios: all.map(({ id }) => id),
    }),
  );
  linkLatest(folder);
  return { groups: recorded, exitCode: pickExitCode(recorded.map(({ record }) => record.exitCode)) };
}

/** Looks at the modules once more, unless nothing can be written. Whoever asks for the end by a signal does not wait for it. */
async function lookLast(runs: readonly GroupRun[], { stop }: RunContext): Promise<void> {
  if (stop.reason === 'unwritable') return;
  const signalled = new AbortController();
  const hasSignalled = new Promise<void>((resolve) => {
    signalled.signal.addEventListener('abort', () => resolve());
  });
  stop.onAsked((reason) => {
    if (isSignal(reason)) signalled.abort();
  });
  if (signalled.signal.aborted) return;
  await Promise.race([Promise.all(runs.map((run) => run.lookLast(signalled.signal))), hasSignalled]);
}

async function park(groups: readonly StartedGroup[], view: RunView): Promise<void> {
  const troubles = await Promise.all(groups.map((group) => group.park()));
  for (const trouble of troubles.flat()) view.note(trouble);
}

/** Modules of a kind, and what their observations are held against. */
interface HeldGroup {
  readonly group: StartedGroup;
  readonly baseline: NamedBaseline | undefined;
}

/** @throws HarnessError CONFIGURATION — changes are to fail, and there is nothing that they could be changes against */
function holdAgainst(group: StartedGroup, request: RunRequest, view: RunView): HeldGroup {
  const sku = group.lanes[0]?.sku ?? 'unknown';
  const baseline = pickBaseline(sku, group.group.specs[0], request.baselines);
  if (baseline === undefined && request.failOnChange) {
    const message = `--fail-on-change needs a baseline of ${sku}: accept a run as one with qlhil baseline accept <run>`;
    throw new HarnessError('CONFIGURATION', message, { subject: sku });
  }
  if (baseline === undefined && request.baselines.length > 0) view.note(`none of the baselines is of ${sku}`);
  return { group, baseline };
}

interface PreparedRun extends HeldGroup {
  readonly run: GroupRun;
  readonly runDir: string;
}

/** A single group has the run's folder for itself; several have one each within. */
function prepare(
  request: RunRequest,
  { view, stop }: RunContext,
  parts: RunParts & HeldGroup & { readonly folder: string },
): PreparedRun {
  const { group, groups, baseline, selected, workspace } = parts;
  const runDir = groups.length === 1 ? parts.folder : join(parts.folder, group.group.name);
  mkdirSync(join(runDir, 'timelines'), { recursive: true });
  const folder = join(workspace.folder, group.group.name);
  mkdirSync(folder, { recursive: true });
  const run = new GroupRun({
    plan: {
      schema: 'qlhil-plan/1',
      runDir,
      seed: request.seed,
      lanes: [...group.lanes],
      only: selected.map(({ id }) => id),
      repeat: request.repeat,
      strict: request.strict,
      known: [...request.known, ...(baseline?.baseline.known ?? [])],
      tlsDir: parts.tlsDir,
      pcap: request.pcap,
      hashKey: hashKey(),
    },
    selected,
    shuffle: request.shuffle,
    folder,
    lifelinePath: workspace.lifelinePath,
    onOutcome: (outcome) => {
      view.outcome(outcome);
      if (request.bail && outcome.outcome === 'fail') stop.ask('bail');
    },
    onUnwritable: (why) => {
      if (stop.reason === undefined) view.note(why);
      stop.ask('unwritable');
    },
  });
  return { group, run, runDir, baseline };
}

async function runUntilStopped(
  { maxDurationMs }: RunRequest,
  { stop }: RunContext,
  { runs, workspace }: { readonly runs: readonly GroupRun[]; readonly workspace: Workspace },
): Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  if (maxDurationMs !== undefined) timers.push(setTimeout(() => stop.ask('max-duration'), maxDurationMs));
  stop.onAsked((reason) => {
    workspace.lifeline.finish();
    if (isSignal(reason)) timers.push(setTimeout(() => runs.forEach((run) => run.kill()), STOP_BUDGET_MS));
  });
  if (!isSignal(stop.reason)) await Promise.all(runs.map((run) => run.run()));
  for (const timer of timers) clearTimeout(timer);
}

/** Of the bench, or the run's own; a CI that does not have the secret at hand gives an empty one, which anybody could guess. */
function hashKey(): string {
  const secret = process.env['QLHIL_BENCH_SECRET'] ?? '';
  return secret === '' ? randomBytes(32).toString('hex') : secret;
}
