import { BootExplainer } from '../bench/ladder/boot-explainer.ts';
import { type Climb, climbLadder } from '../bench/ladder/climb-ladder.ts';
import { isWell, openSession } from '../bench/ladder/revival.ts';
import { WearLog } from '../bench/ladder/wear-log.ts';
import { Air } from '../bench/network/air.ts';
import { takeClientsDown } from '../bench/park-module.ts';
import { asError, isFailure } from '../errors.ts';
import { ModuleProxy } from '../module/module-proxy.ts';
import type { ModuleSession } from '../module/session.ts';
import type { HelloResult } from '../protocol/hello-result.ts';
import { HARDWARE_DEADLINES, VIRTUAL_DEADLINES } from '../rig/deadlines.ts';
import { TlsStore } from '../rig/tls-store.ts';
import type { Deadlines, ModuleIdentity } from '../timeline/events.ts';
import { scrubIdentity } from '../timeline/scrub-identity.ts';
import { HeapBaseline } from './heap-baseline.ts';
import { type LaneOfPlan, loadPlan } from './load-plan.ts';
import type { Lane, Plan } from './plan.ts';
import { findStarts, forgetStarts, markStarts } from './start-mark.ts';
import { UntoldStarts } from './untold-starts.ts';
import { markWedged } from './wedge-mark.ts';

const TIDY_MS = 3_000;

interface WorkbenchParts {
  readonly session: ModuleSession;
  readonly explainer: BootExplainer;
  readonly starts: UntoldStarts;
}

/** What the scenarios of one file share: the module's session. It is opened by the first of them and closed after the last. */
export class Workbench {
  readonly plan: Plan;
  readonly lane: Lane;
  readonly laneNumber: number;
  readonly tls: TlsStore;
  readonly heap = new HeapBaseline();
  readonly starts: UntoldStarts;
  readonly #ofPlan: LaneOfPlan;
  readonly #explainer: BootExplainer;
  #session: ModuleSession;
  #module: ModuleProxy;

  /** @throws HarnessError MODULE_WEDGED, WEAR_BUDGET_SPENT — the module does not answer, and can't be revived */
  static async open(ofPlan: LaneOfPlan): Promise<Workbench> {
    const { lane } = ofPlan;
    if (lane.network !== null) await new Air(lane.network.pid).clear();
    const explainer = new BootExplainer(new WearLog(lane.care.wearLog));
    const starts = new UntoldStarts(findStarts(ofPlan));
    const session = await openOrRevive(lane, explainer, starts);
    starts.meet(session.hello.boot, (cause) => explainer.explain(cause) !== undefined);
    const bench = new Workbench(ofPlan, { session, explainer, starts });
    try {
      await bench.#tidy();
      await bench.#module.putFile(bench.tls.caFile, Buffer.from(bench.tls.ca));
    } catch (thrown) {
      await bench.close(); // it would hold the port for ever, which has room for one
      throw thrown;
    }
    forgetStarts(ofPlan);
    return bench;
  }

  private constructor(ofPlan: LaneOfPlan, { session, explainer, starts }: WorkbenchParts) {
    this.#ofPlan = ofPlan;
    this.plan = ofPlan.plan;
    this.lane = ofPlan.lane;
    this.laneNumber = ofPlan.laneNumber;
    this.#explainer = explainer;
    this.starts = starts;
    this.#session = session;
    this.#module = new ModuleProxy(session);
    this.#listen();
    this.tls = new TlsStore(this.plan.tlsDir, [this.lane.brokerHost]);
  }

  /** The one in use: reviving the module may put another in its place. */
  get session(): ModuleSession {
    return this.#session;
  }

  get module(): ModuleProxy {
    return this.#module;
  }

  /** Whoever was killed while clients were up left them: they are taken down, or the module is reset. */
  async #tidy(): Promise<void> {
    await takeClientsDown(this.#session, TIDY_MS).catch(() => undefined); // what is left is seen next
    const isTidy = await isWell(this.#session, true).catch(() => false);
    if (isTidy) return;
    const why = 'clients of an earlier run are up';
    await this.revive({
      why,
      needsFreeSlots: true,
      onRung: () => undefined,
      onBoot: (start) => this.starts.hear(start),
    });
  }

  /** A module that is only just starting again is waited for: what it started from is not of the next attempt. */
  async settle(): Promise<void> {
    if (this.#session.isUp || this.#session.hasEnded) return;
    await this.#session.sync().catch(() => undefined); // one that does not come back is the attempt's to tell
  }

  /** Climbs the ladder, and goes on with the session that comes of it. @throws HarnessError MODULE_WEDGED, WEAR_BUDGET_SPENT */
  async revive(told: Pick<Climb, 'why' | 'needsFreeSlots' | 'onRung' | 'onBoot'>): Promise<void> {
    const session = this.#session;
    this.#session = await climbLadder({
      ...told,
      care: this.lane.care,
      explainer: this.#explainer,
      session: session.hasEnded ? undefined : session,
      bootId: session.hello.boot.id,
    });
    this.#module = new ModuleProxy(this.#session);
    if (this.#session !== session) this.#listen();
  }

  #listen(): void {
    this.#session.observe({
      happening: (happening) => {
        if (happening.k === 'boot') this.starts.hear(happening);
      },
    });
  }

  get hello(): HelloResult {
    return this.#session.hello;
  }

  /** What a scenario may need: features of the module, capabilities of its network. */
  get offers(): readonly string[] {
    return [...this.hello.features, ...(this.lane.network?.capabilities ?? [])];
  }

  get deadlines(): Deadlines {
    return this.lane.virtual ? VIRTUAL_DEADLINES : HARDWARE_DEADLINES;
  }

  get identity(): ModuleIdentity {
    const { module, shim, sdk, features } = this.hello;
    return {
      spec: this.lane.spec,
      sku: this.lane.sku,
      model: module.model,
      revision: module.revision,
      imei: scrubIdentity(module.imei, this.plan.hashKey),
      shim,
      sdk,
      features,
    };
  }

  async close(): Promise<void> {
    await this.#session.close();
    const { left } = this.starts;
    if (left !== undefined) markStarts(this.#ofPlan, left);
  }
}

async function openOrRevive({ care }: Lane, explainer: BootExplainer, starts: UntoldStarts): Promise<ModuleSession> {
  try {
    return await openSession(care, explainer);
  } catch (thrown) {
    if (!isFailure(thrown, 'PORT_LOST') && !isFailure(thrown, 'RPC_TIMEOUT')) throw thrown;
    return await climbLadder({
      care,
      explainer,
      why: asError(thrown).message,
      session: undefined,
      bootId: starts.bootId,
      needsFreeSlots: false,
      onRung: () => undefined, // there is no timeline yet; the error tells all of them
      onBoot: (start) => starts.hear(start),
    });
  }
}

let opened: Promise<Workbench> | undefined;

/**
 * This file's workbench, opened on first use. One that can't be opened is tried once more, and again by the next scenario, unless
 * the module is given up: what disturbed it may be over.
 *
 * @throws HarnessError — see `Workbench.open`
 */
export function workbench(): Promise<Workbench> {
  opened ??= openTwice(loadPlan()).catch((thrown: unknown) => {
    opened = undefined;
    throw thrown;
  });
  return opened;
}

async function openTwice(lane: LaneOfPlan): Promise<Workbench> {
  for (let isLast = false; ; isLast = true) {
    try {
      return await Workbench.open(lane);
    } catch (thrown) {
      const isEnd = isFailure(thrown, 'MODULE_WEDGED') || isFailure(thrown, 'WEAR_BUDGET_SPENT');
      if (isEnd) markWedged(lane.laneNumber, thrown.message);
      if (isEnd || isLast) throw thrown;
    }
  }
}

/** For after the last scenario of a file. */
export async function closeWorkbench(): Promise<void> {
  const bench = await opened?.catch(() => undefined);
  opened = undefined;
  await bench?.close();
}
