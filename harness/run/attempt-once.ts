import { join } from 'node:path';
import { Broker } from '../../broker/broker.ts';
import { clauseKind } from '../../scenarios/clauses/all-clauses.ts';
import { Air } from '../bench/network/air.ts';
import { systemClock } from '../clock.ts';
import { createJudge } from '../oracle/judge.ts';
import { allRelations } from '../oracle/relations/all-relations.ts';
import { allRules } from '../oracle/rules/all-rules.ts';
import type { Verdict } from '../oracle/verdict.ts';
import { Rig } from '../rig/rig.ts';
import type { TimelineHeader } from '../timeline/events.ts';
import { Timeline } from '../timeline/timeline.ts';
import { type Ended, endOf } from './end-of-body.ts';
import { runEpilogue } from './epilogue.ts';
import { explainFailure } from './explain-failure.ts';
import { keepCapture, startCapture } from './keep-capture.ts';
import { observing } from './observing.ts';
import type { Attempt } from './outcome.ts';
import type { Plan } from './plan.ts';
import { asRecordFailure, recording } from './record-failure.ts';
import { restore } from './restore.ts';
import type { ScenarioVariant } from './scenario.ts';
import { watchDisturbance } from './watch-disturbance.ts';
import type { Workbench } from './workbench.ts';

export interface AttemptOptions {
  /** Counted over the run, from 1. */
  readonly number: number;
  readonly budgetMs: number;
  /** Path relative to the run's folder. */
  readonly timeline: string;
}

export interface AttemptResult {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
}

/**
 * One attempt: body, epilogue, verdict. Nothing that the module does makes it throw.
 *
 * @throws HarnessError RECORD_UNWRITABLE — the disk is full: a verdict without its evidence is none
 */
export async function attemptOnce(
  bench: Workbench,
  variant: ScenarioVariant,
  options: AttemptOptions,
): Promise<AttemptResult> {
  await bench.settle();
  const startedMs = systemClock.nowMs();
  const path = join(bench.plan.runDir, options.timeline);
  using timeline = recording(path, () => openTimeline(bench, variant, options));
  const judge = createJudge(timeline.header, allRules, clauseKind, {
    strict: bench.plan.strict,
    relations: allRelations,
  });
  timeline.subscribe((event) => judge.see(event));
  const { stopped } = await play(bench, variant, options, timeline);
  timeline.flush();
  if (timeline.failure !== undefined) throw asRecordFailure(timeline.failure, path);
  const verdict = judge.end();
  const attempt = toAttempt(verdict, stopped, options, systemClock.nowMs() - startedMs);
  return { attempt: asKnown(attempt, timeline.header, bench.plan), verdict };
}

function openTimeline(bench: Workbench, variant: ScenarioVariant, { number, timeline }: AttemptOptions): Timeline {
  const { id, title, clauses } = variant;
  const { plan, identity, deadlines } = bench;
  const header = {
    schema: 'qlhil-timeline/1',
    scenario: { id, title, clauses },
    attempt: number,
    module: identity,
    seed: plan.seed,
    deadlines,
    epsilonMs: bench.session.clockEstimate?.epsilonMs ?? 0,
    startedAt: new Date().toISOString(),
  } as const;
  return Timeline.open(join(plan.runDir, timeline), header, { clock: systemClock, hashKey: plan.hashKey });
}

/** Plays body and epilogue into the timeline. */
async function play(
  bench: Workbench,
  variant: ScenarioVariant,
  { budgetMs, timeline: file }: AttemptOptions,
  timeline: Timeline,
): Promise<Ended> {
  using _reading = observing(bench.session, timeline);
  const capture = bench.plan.pcap ? startCapture() : undefined;
  // Disposed of after the broker: the last that it tells is the end of its connections.
  using _capturing = { [Symbol.dispose]: () => capture && keepCapture(capture, bench.plan.runDir, file) };
  await using broker = await Broker.open({
    onEvent: (event) => {
      timeline.broker(event);
      capture?.event(event);
    },
    clock: () => systemClock.nowMs(),
    ...(capture === undefined ? {} : { isKeyLogged: true, onRaw: (segment) => capture.segment(segment) }),
  });
  const isDisturbed = watchDisturbance(timeline);
  bench.heap.watch(timeline);
  bench.starts.tellTo(timeline);
  const rig = rigFor(bench, variant, broker, timeline);
  timeline.host({ k: 'phase', phase: 'body' });
  const body = await endOf(variant.run(rig), budgetMs);
  if (body.trouble !== undefined) timeline.host({ k: 'trouble', what: body.trouble });
  const network = await endOf(rig.network.close(), budgetMs);
  if (network.trouble !== undefined) timeline.host({ k: 'trouble', what: `network: ${network.trouble}` });
  timeline.host({ k: 'phase', phase: 'epilogue' });
  const epilogue = await endOf(runEpilogue(bench, rig, timeline, isDisturbed()), budgetMs);
  if (epilogue.trouble !== undefined) timeline.host({ k: 'trouble', what: `epilogue: ${epilogue.trouble}` });
  await restore(bench, timeline, epilogue.trouble);
  timeline.host({ k: 'phase', phase: 'end' });
  return body;
}

function rigFor(bench: Workbench, variant: ScenarioVariant, broker: Broker, timeline: Timeline): Rig {
  const { module, plan, lane, laneNumber, deadlines, hello, tls } = bench;
  return new Rig({
    scheme: variant.scheme,
    module,
    broker,
    deadlines,
    features: hello.features,
    seed: plan.seed,
    name: `qlhil-${laneNumber}-${variant.id.replaceAll(/[^a-z0-9]+/g, '-')}`,
    brokerHost: lane.brokerHost,
    brokerName: lane.network?.hostName,
    listenAddress: lane.listenAddress,
    networkPath: lane.network === null ? undefined : new Air(lane.network.pid),
    tls,
    append: (happening) => void timeline.host(happening),
    reportFault: (fault) => void timeline.broker({ ...fault, at: systemClock.nowMs() }),
  });
}

/** A failure that the user's list of known failures explains whole is one of those. */
function asKnown(attempt: Attempt, { scenario, module }: TimelineHeader, { known, strict }: Plan): Attempt {
  if (attempt.outcome !== 'fail') return attempt;
  const why = explainFailure({ scenario: scenario.id, module, findings: attempt.findings, strict }, known);
  return why === undefined ? attempt : { ...attempt, outcome: 'known-failure', why };
}

/** A body that stopped half-way without a finding proved nothing. */
function toAttempt(
  verdict: Verdict,
  stopped: string | undefined,
  { number, timeline }: AttemptOptions,
  durationMs: number,
): Attempt {
  const provedNothing = verdict.outcome === 'pass' && stopped !== undefined && verdict.findings.length === 0;
  const outcome = provedNothing ? 'inconclusive' : verdict.outcome;
  const why = outcome === 'inconclusive' ? (verdict.why ?? stopped) : undefined;
  return {
    attempt: number,
    outcome,
    durationMs: Math.round(durationMs),
    timeline,
    findings: verdict.findings,
    ...(why === undefined ? {} : { why }),
  };
}
