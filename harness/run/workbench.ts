import { ModuleProxy } from '../module/module-proxy.ts';
import { ModuleSession } from '../module/session.ts';
import type { HelloResult } from '../protocol/hello-result.ts';
import { HARDWARE_DEADLINES, VIRTUAL_DEADLINES } from '../rig/deadlines.ts';
import { TlsStore } from '../rig/tls-store.ts';
import type { Deadlines, ModuleIdentity } from '../timeline/events.ts';
import { scrubIdentity } from '../timeline/scrub-identity.ts';
import { transportFor } from '../transport/transport-for.ts';
import { HeapBaseline } from './heap-baseline.ts';
import { type LaneOfPlan, loadPlan } from './load-plan.ts';
import type { Lane, Plan } from './plan.ts';

/** What the scenarios of one file share: the module's session. It is opened by the first of them and closed after the last. */
export class Workbench {
  readonly plan: Plan;
  readonly lane: Lane;
  readonly laneNumber: number;
  readonly session: ModuleSession;
  readonly module: ModuleProxy;
  readonly tls: TlsStore;
  readonly heap = new HeapBaseline();

  /** @throws HarnessError PORT_LOST, RPC_TIMEOUT — the module does not answer */
  static async open({ plan, lane, laneNumber }: LaneOfPlan): Promise<Workbench> {
    const session = await ModuleSession.open({ transport: transportFor(lane.port) });
    const bench = new Workbench(plan, lane, laneNumber, session);
    await bench.module.putFile(bench.tls.caFile, Buffer.from(bench.tls.ca));
    return bench;
  }

  private constructor(plan: Plan, lane: Lane, laneNumber: number, session: ModuleSession) {
    this.plan = plan;
    this.lane = lane;
    this.laneNumber = laneNumber;
    this.session = session;
    this.module = new ModuleProxy(session);
    this.tls = new TlsStore(plan.tlsDir, [lane.brokerHost]);
  }

  get hello(): HelloResult {
    return this.session.hello;
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

  close(): Promise<void> {
    return this.session.close();
  }
}

let opened: Promise<Workbench> | undefined;

/** This file's workbench, opened on first use. @throws HarnessError PORT_LOST, RPC_TIMEOUT — the module does not answer */
export function workbench(): Promise<Workbench> {
  opened ??= Workbench.open(loadPlan());
  return opened;
}

/** For after the last scenario of a file. */
export async function closeWorkbench(): Promise<void> {
  const bench = await opened?.catch(() => undefined);
  opened = undefined;
  await bench?.close();
}
