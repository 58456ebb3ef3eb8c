import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildFirmware } from '../bench/firmware-build.ts';
import type { ModuleCare } from '../bench/ladder/module-care.ts';
import { parseModuleSpec } from '../bench/module-spec.ts';
import { readSkus } from '../bench/sku.ts';
import { readVirtualCatalogue } from '../bench/virtual-catalogue.ts';
import { VirtualModule } from '../bench/virtual-module.ts';
import type { EventOf } from '../timeline/events.ts';
import { readTimeline } from '../timeline/read-timeline.ts';
import { outcomeOn } from './attempt.ts';
import type { LaneOfPlan } from './load-plan.ts';
import { lookLast } from './look-last.ts';
import type { ScenarioOutcome } from './outcome.ts';
import type { ScenarioVariant } from './scenario.ts';
import { makeTlsFolder } from './tls-folder.ts';
import { virtualLane } from './virtual-lane.ts';
import { Workbench } from './workbench.ts';

const BUDGET_MS = 60_000;
let folder = '';
let binary = '';
beforeAll(async () => {
  binary = await buildFirmware('manual');
}, 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** A virtual module, and the plan of a run that it is the only lane of. */
class Lane implements AsyncDisposable {
  readonly virtual: VirtualModule;
  readonly ofPlan: LaneOfPlan;

  static async start(care: Partial<ModuleCare> = {}): Promise<Lane> {
    const spec = parseModuleSpec('virtual', { ...readVirtualCatalogue(), skus: readSkus() });
    if (spec.kind !== 'virtual') throw new TypeError('it is not virtual');
    const virtual = await VirtualModule.start({ spec, binary, folder: join(folder, 'module'), seed: 1, copy: 1 });
    const tlsDir = join(folder, 'tls');
    await makeTlsFolder(tlsDir, ['localhost', '127.0.0.1']);
    mkdirSync(join(folder, 'timelines'));
    const started = virtualLane(spec, virtual);
    const lane = { ...started, care: { ...started.care, ...care } };
    const plan = {
      schema: 'qlhil-plan/1',
      runDir: folder,
      seed: 1,
      lanes: [lane],
      only: null,
      repeat: 1,
      strict: false,
      known: [],
      tlsDir,
      pcap: false,
      hashKey: 'test',
    } as const;
    return new Lane(virtual, {
      plan: { ...plan, lanes: [lane], known: [] },
      lane,
      laneNumber: 1,
      planPath: join(folder, 'plan.json'),
    });
  }

  private constructor(virtual: VirtualModule, ofPlan: LaneOfPlan) {
    this.virtual = virtual;
    this.ofPlan = ofPlan;
  }

  openBench(): Promise<Workbench> {
    return Workbench.open(this.ofPlan);
  }

  /** A bench whose first scenario is over. */
  async afterFirst(): Promise<Workbench> {
    const bench = await this.openBench();
    await play(bench, 'a/first');
    return bench;
  }

  /** The first file is over. */
  async firstFile(): Promise<void> {
    await (await this.afterFirst()).close();
  }

  /** A file of one scenario. */
  async file(id: string): Promise<ScenarioOutcome> {
    const bench = await this.openBench();
    const outcome = await play(bench, id);
    await bench.close();
    return outcome;
  }

  crash(): Promise<void> {
    return this.startAgain('kill');
  }

  /** Resolves when the module is plugged in again. `reset` is somebody at its reset pin. */
  async startAgain(how: 'kill' | 'reset'): Promise<void> {
    const back = this.virtual.waitFor(({ event }) => event === 'plugged', BUDGET_MS, 'the module to come back');
    await this.virtual.control(how);
    await back;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.virtual[Symbol.asyncDispose]();
  }
}

function scenarioOf(id: string): ScenarioVariant {
  const run: ScenarioVariant['run'] = async (rig) => {
    const client = rig.client();
    await client.init();
    await client.deinit();
  };
  return { id, title: 'A client is made and released', clauses: [], scheme: 'mqtt', run };
}

async function play(bench: Workbench, id: string): Promise<ScenarioOutcome> {
  const { outcome } = await outcomeOn(bench, scenarioOf(id), { budgetMs: BUDGET_MS, round: 0, file: '' });
  return outcome;
}

/** A start of which the bench's session has heard by itself. */
function heardStart({ session }: Workbench): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.observe({
      happening: ({ k }) => {
        if (k !== 'boot') return;
        stop();
        resolve();
      },
    });
  });
}

async function bootsOf({ attempts }: ScenarioOutcome): Promise<readonly EventOf<'boot'>[]> {
  const boots: EventOf<'boot'>[] = [];
  for (const { timeline } of attempts) {
    const { events } = await readTimeline(join(folder, timeline));
    for await (const event of events) if (event.k === 'boot') boots.push(event);
  }
  return boots;
}

const BETWEEN = {
  rule: 'EH-02',
  clause: 'A-1.no-reset',
  message: expect.stringMatching(/^the module started again unannounced after a\/first had ended.*, cause/u),
};

test(
  'a module that crashes between two scenarios fails the second, with word of the first',
  async () => {
    await using lane = await Lane.start();
    const bench = await lane.openBench();
    const first = await play(bench, 'a/first');
    const heard = heardStart(bench);
    await lane.crash();
    await heard;

    const second = await play(bench, 'a/second');
    const third = await play(bench, 'a/third');
    await bench.close();

    expect(first.outcome).toBe('pass');
    expect(second).toMatchObject({ outcome: 'fail', findings: [BETWEEN] });
    expect(third.outcome).toBe('pass');
  },
  BUDGET_MS,
);

test(
  'so does one that is still away when the second begins',
  async () => {
    await using lane = await Lane.start();
    const bench = await lane.afterFirst();
    const crashed = lane.crash();
    while (bench.session.isUp) await new Promise((resolve) => setImmediate(resolve));

    const second = await play(bench, 'a/second');
    await crashed;
    await bench.close();

    expect(second).toMatchObject({ outcome: 'fail', findings: [BETWEEN] });
  },
  BUDGET_MS,
);

test(
  'a module that crashes between two files fails the first scenario of the next',
  async () => {
    await using lane = await Lane.start();
    await lane.firstFile();
    await lane.crash();

    const second = await lane.file('b/second');

    expect(second).toMatchObject({ outcome: 'fail', findings: [BETWEEN] });
  },
  BUDGET_MS,
);

test(
  'a crash before a file whose scenarios are all left out is told by the file after it',
  async () => {
    await using lane = await Lane.start();
    await lane.firstFile();
    await lane.crash();
    await (await lane.openBench()).close();

    const second = await lane.file('c/second');

    expect(second).toMatchObject({ outcome: 'fail', findings: [BETWEEN] });
  },
  BUDGET_MS,
);

test(
  'a start that the rig brought about between two scenarios is told, and nobody is blamed for it',
  async () => {
    await using lane = await Lane.start();
    const bench = await lane.afterFirst();
    const before = bench.hello.boot.id;
    const init = await bench.session.call('mqtt.init', { slot: 0, cid: 1 });
    await init.returned(BUDGET_MS);
    const told = { onRung: () => undefined, onBoot: () => undefined };
    await bench.revive({ why: 'a client is up', needsFreeSlots: true, ...told });
    const after = bench.hello.boot.id;
    await bench.close();

    const second = await lane.file('b/second');

    expect(after).not.toBe(before);
    expect(second).toMatchObject({ outcome: 'pass', findings: [] });
    expect(await bootsOf(second)).toMatchObject([{ id: after, announced: true, after: 'a/first' }]);
  },
  BUDGET_MS,
);

test(
  'a reset from outside between two files that was written down is no crash, the one after it is',
  async () => {
    const wearLog = join(folder, 'wear');
    await using lane = await Lane.start({ wearLog });
    await lane.firstFile();
    writeFileSync(wearLog, `${JSON.stringify({ atMs: Date.now(), pid: process.ppid, by: 'pin', why: 'button' })}\n`);
    await lane.startAgain('reset');

    const next = await lane.openBench();
    const second = await play(next, 'b/second');
    const heard = heardStart(next);
    await lane.startAgain('reset');
    await heard;
    const third = await play(next, 'b/third');
    await next.close();

    expect(second).toMatchObject({ outcome: 'pass', findings: [] });
    expect(third).toMatchObject({ outcome: 'fail', findings: [{ rule: 'EH-02' }] });
  },
  BUDGET_MS,
);

test(
  'a module that crashes after the last scenario is an outcome of its own, one that stays well is none',
  async () => {
    await using lane = await Lane.start();
    await lane.firstFile();
    const log = join(folder, 'outcomes.1.ndjson');

    await lookLast(lane.ofPlan);
    const whenWell = existsSync(log);
    await lane.crash();
    await lookLast(lane.ofPlan);

    expect(whenWell).toBe(false);
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({
      scenario: 'run/after-the-last-scenario',
      outcome: 'fail',
      findings: [BETWEEN],
    });
  },
  BUDGET_MS,
);

test(
  'a module that is gone after the last scenario, and can not be revived, makes the run inconclusive',
  async () => {
    const lane = await Lane.start({ bootMs: 100, atPort: null, power: null });
    await lane.firstFile();
    await lane[Symbol.asyncDispose]();

    await lookLast(lane.ofPlan);

    expect(JSON.parse(readFileSync(join(folder, 'outcomes.1.ndjson'), 'utf8'))).toMatchObject({
      scenario: 'run/after-the-last-scenario',
      outcome: 'inconclusive',
      why: expect.stringMatching(/nothing revives it/u),
    });
  },
  BUDGET_MS,
);

test(
  'a process that is killed leaves no word of the module, so that nothing it did to it is taken for a crash',
  async () => {
    await using lane = await Lane.start();
    await lane.firstFile();
    const killed = await lane.openBench();
    await killed.session.close();
    await lane.startAgain('reset');

    const second = await lane.file('b/second');

    expect(second).toMatchObject({ outcome: 'pass', findings: [] });
  },
  BUDGET_MS,
);
