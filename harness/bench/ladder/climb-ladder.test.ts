import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startVirtual } from '../../../test/support/start-virtual.ts';
import { isFailure } from '../../errors.ts';
import { scanUsb } from '../../flash/target/scan-usb.ts';
import type { ModuleSession } from '../../module/session.ts';
import { buildFirmware } from '../firmware-build.ts';
import { findPlace } from '../module-place.ts';
import type { VirtualModule } from '../virtual-module.ts';
import { BootExplainer } from './boot-explainer.ts';
import { type Climb, climbLadder } from './climb-ladder.ts';
import type { ModuleCare } from './module-care.ts';
import { openSession } from './revival.ts';
import type { RungNote } from './rung-note.ts';
import { WearLog } from './wear-log.ts';

const BUDGET_MS = 60_000;
const QUICK = { answerMs: 400, lookMs: 400, openMs: 1_500 };
let folder = '';
beforeAll(() => buildFirmware('r03'), 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** A module, a session with it, and what a climb tells. */
class Bench implements AsyncDisposable {
  readonly virtual: VirtualModule;
  readonly care: ModuleCare;
  readonly explainer: BootExplainer;
  readonly rungs: RungNote[] = [];
  readonly boots: { readonly cause: string; readonly announced: boolean }[] = [];
  session: ModuleSession;

  static async open(change: Partial<ModuleCare> = {}): Promise<Bench> {
    const virtual = await startVirtual('virtual:EC200U-CN', { folder: join(folder, 'module') });
    const { port, atPort, power } = virtual;
    const care = { port, atPort, power, place: null, apn: '', bootMs: 10_000, budget: null, wearLog: null, ...change };
    const explainer = new BootExplainer(new WearLog(care.wearLog));
    return new Bench(virtual, care, { explainer, session: await openSession(care, explainer) });
  }

  private constructor(
    virtual: VirtualModule,
    care: ModuleCare,
    { explainer, session }: { readonly explainer: BootExplainer; readonly session: ModuleSession },
  ) {
    this.virtual = virtual;
    this.care = care;
    this.explainer = explainer;
    this.session = session;
    session.observe({ happening: (told) => void (told.k === 'boot' && this.boots.push(told)) });
  }

  async climb(change: Partial<Climb> = {}): Promise<void> {
    this.session = await climbLadder({
      care: this.care,
      explainer: this.explainer,
      why: 'a test',
      session: this.session,
      bootId: this.session.hello.boot.id,
      needsFreeSlots: false,
      onRung: (note) => this.rungs.push(note),
      onBoot: (boot) => this.boots.push(boot),
      timing: QUICK,
      ...change,
    });
  }

  get climbed(): readonly string[] {
    return this.rungs.map(({ rung, ok }) => `${rung}: ${ok ? 'ok' : 'in vain'}`);
  }

  /** The module answers on the session that came of it, and no slot is held. */
  async slots(): Promise<readonly string[]> {
    return (await this.session.request('slots', {})).slots;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.close();
    await this.virtual[Symbol.asyncDispose]();
  }
}

const FREE = Array.from({ length: 6 }, () => 'free');

test(
  'a module that is well is left alone',
  async () => {
    await using bench = await Bench.open();

    await bench.climb();

    expect(bench.climbed).toEqual(['RPC reset: ok']);
    expect(bench.boots).toEqual([]);
  },
  BUDGET_MS,
);

test(
  'a client that must not be up takes a reset by RPC, which is announced',
  async () => {
    await using bench = await Bench.open();
    const call = await bench.session.call('mqtt.init', { slot: 0, cid: 1 });
    await call.returned(BUDGET_MS);

    await bench.climb({ needsFreeSlots: true });

    expect(bench.climbed).toEqual(['RPC reset: ok']);
    expect(bench.boots).toMatchObject([{ announced: true }]);
    expect(await bench.slots()).toEqual(FREE);
  },
  BUDGET_MS,
);

test.each([
  ['application', ['RPC reset: in vain', 'AT reset: ok'], [{ cause: 'software-reset', announced: true }]],
  ['until-opened', ['RPC reset: in vain', 'AT reset: in vain', 'port re-open: ok'], []],
  [
    'all',
    ['RPC reset: in vain', 'AT reset: in vain', 'port re-open: in vain', 'power cycle: ok'],
    [{ cause: 'power-key', announced: true }],
  ],
])(
  'a module that is deaf (%s) is revived by the rung that alone can, and its start is no crash',
  async (deafness, climbed, boots) => {
    await using bench = await Bench.open();
    await bench.virtual.control(`set deaf ${deafness}`);

    await bench.climb();

    expect(bench.climbed).toEqual(climbed);
    expect(bench.boots).toMatchObject(boots);
    expect(await bench.slots()).toEqual(FREE);
  },
  BUDGET_MS,
);

test(
  'a crash that came before is told as one, and the module is not reset where it came back by itself',
  async () => {
    await using bench = await Bench.open();
    await bench.session.close();
    const back = bench.virtual.waitFor(({ event }) => event === 'plugged', BUDGET_MS, 'the next boot');
    await bench.virtual.control('kill');
    await back;

    await bench.climb({ session: undefined });

    expect(bench.climbed).toEqual(['RPC reset: ok']);
    expect(bench.boots).toMatchObject([{ cause: 'panic', announced: false }]);
  },
  BUDGET_MS,
);

test(
  'a module that nothing revives is wedged, and the error tells each rung and why it failed',
  async () => {
    await using bench = await Bench.open({
      power: { on: ['true'], off: ['sh', '-c', 'echo no hub; exit 3'], offMs: 0 },
    });
    await bench.virtual.control('set deaf all');

    const failure: unknown = await bench.climb().catch((thrown: unknown) => thrown);

    expect(isFailure(failure, 'MODULE_WEDGED') && failure.data.rungs.map(({ ok }) => ok)).toEqual(Array(4).fill(false));
    expect(isFailure(failure, 'MODULE_WEDGED') && failure.message).toMatch(
      /is wedged \(a test\).*RPC reset \(.*AT reset \(.*port re-open \(.*power cycle \(.*ended with exit 3, saying: no hub\)$/u,
    );
  },
  BUDGET_MS,
);

test(
  'a supply that does not cut the power is no rung that revives',
  async () => {
    await using bench = await Bench.open({ power: { on: ['true'], off: ['true'], offMs: 0 }, bootMs: 1000 });
    const call = await bench.session.call('mqtt.init', { slot: 0, cid: 1 });
    await call.returned(BUDGET_MS);
    await bench.virtual.control('set deaf application');

    const failure: unknown = await bench
      .climb({ care: { ...bench.care, atPort: null }, needsFreeSlots: true })
      .catch((thrown: unknown) => thrown);

    expect(isFailure(failure, 'MODULE_WEDGED')).toBe(true);
    expect(bench.rungs.at(-1)).toMatchObject({ rung: 'power cycle', ok: false });
  },
  BUDGET_MS,
);

test(
  'when the budget of resets is spent no rung is climbed that wears the module, and the message says when the next may be',
  async () => {
    const wearLog = join(folder, 'wear');
    await using bench = await Bench.open({ wearLog, budget: { resetsAnHour: 1, attachesAnHour: 10 } });
    await bench.virtual.control('set deaf application');
    await bench.climb();
    await bench.virtual.control('set deaf application');

    const failure: unknown = await bench.climb().catch((thrown: unknown) => thrown);

    expect(isFailure(failure, 'WEAR_BUDGET_SPENT') && failure.message).toMatch(
      /reset 1 times within an hour, and its budget is 1 \(budgets\.resetsAnHour of bench\.yaml\): the next may be at \d{4}-/u,
    );
    expect(bench.climbed.slice(-2)).toEqual(['RPC reset: in vain', 'AT reset: in vain']);
    expect(readFileSync(wearLog, 'utf8')).toMatch(/"by":"at","why":"a test"/u);
  },
  BUDGET_MS,
);

test(
  'the ports of a module on USB are found again under the names that they have after a reset',
  async () => {
    await using bench = await Bench.open();
    const roots = { sys: join(folder, 'module', 'sys'), dev: join(folder, 'module', 'dev') };
    const { virtual } = bench;
    await bench.session.close();
    const named = join(roots.dev, 'ttyUSB3');
    const place = await findPlace(named, roots);
    const care = { ...bench.care, port: named, place: place ?? null, atPort: null };
    bench.session = await openSession(care, bench.explainer);
    await virtual.control('set deaf application');

    await bench.climb({ care });

    expect(bench.climbed).toEqual(['RPC reset: in vain', 'AT reset: ok']);
    const [device] = await scanUsb(roots);
    // Another of its ports has the old name.
    expect(device?.ports.find(({ path }) => path === named)?.interfaceNumber).not.toBe(8);
    expect(await bench.slots()).toEqual(FREE);
  },
  BUDGET_MS,
);
