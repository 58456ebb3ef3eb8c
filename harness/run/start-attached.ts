import { checkIdentity } from '../bench/inventory/check-identity.ts';
import { findBenchPort } from '../bench/inventory/find-bench-port.ts';
import { type BenchModule, budgetsOf } from '../bench/inventory/inventory.ts';
import { BootExplainer } from '../bench/ladder/boot-explainer.ts';
import { climbLadder } from '../bench/ladder/climb-ladder.ts';
import type { ModuleCare } from '../bench/ladder/module-care.ts';
import { describeRung } from '../bench/ladder/rung-note.ts';
import { DEFAULT_BUDGET, spendWear } from '../bench/ladder/wear-budget.ts';
import { WearLog } from '../bench/ladder/wear-log.ts';
import { wearLogPath } from '../bench/ladder/wear-log-path.ts';
import { moduleKey } from '../bench/lock/module-key.ts';
import { ModuleLock } from '../bench/lock/module-lock.ts';
import { findPlace } from '../bench/module-place.ts';
import type { BenchSpec, TcpSpec, TtySpec } from '../bench/module-spec.ts';
import { powerSwitch } from '../bench/power/power-settings.ts';
import { powerOn } from '../bench/power/switch-power.ts';
import { type ReadyModule, readyModule } from '../bench/ready-module.ts';
import { systemClock } from '../clock.ts';
import { asError, isFailure } from '../errors.ts';
import type { Lane } from './plan.ts';
import type { RunRequest } from './run-request.ts';

const DEFAULT_BOOT_MS = 40_000;
const PAUSE_MS = 200;

/**
 * A module on a bench: locked, its supply on, its data call up.
 *
 * @throws HarnessError MODULE_LOCKED — somebody else holds it
 * @throws HarnessError CHILD_FAILED — its supply can't be switched on
 * @throws HarnessError CONFIGURATION — another module is there than the inventory says
 * @throws HarnessError PORT_LOST, RPC_TIMEOUT, PROTOCOL, RPC_REFUSED, MODULE_WEDGED, WEAR_BUDGET_SPENT — it does not answer, has no
 * network, or may not attach so soon
 */
export async function startAttached(
  spec: TtySpec | TcpSpec | BenchSpec,
  request: RunRequest,
  onNote: (note: string) => void,
): Promise<{ readonly lane: Lane; readonly lock: ModuleLock }> {
  const expected = spec.kind === 'bench' ? spec.module : undefined;
  const lock = await ModuleLock.take(await keyOf(spec), { why: request.command.join(' ') });
  try {
    const care = await careFor(spec, request);
    const { sku } = await makeReady(care, expected, onNote);
    const { host = request.brokerHost, listen = request.listenAddress } = expected?.broker ?? {};
    const { text, port } = { text: spec.text, port: care.port };
    const reach = { brokerHost: host, listenAddress: listen, virtual: false, network: null };
    return { lane: { spec: text, sku, port, ...reach, care }, lock };
  } catch (thrown) {
    await lock[Symbol.asyncDispose]();
    throw thrown;
  }
}

async function keyOf(spec: TtySpec | TcpSpec | BenchSpec): Promise<string> {
  if (spec.kind === 'bench') return spec.module.usb ?? `tcp:${spec.module.tcp}`;
  return await moduleKey(spec.kind === 'tty' ? spec.path : spec.text);
}

/** Switches the supply on and finds the port: what the inventory says of a module comes before what was said for all. */
async function careFor(spec: TtySpec | TcpSpec | BenchSpec, request: RunRequest): Promise<ModuleCare> {
  const common = { apn: request.apn, atPort: null, wearLog: wearLogPath(await keyOf(spec)) };
  if (spec.kind !== 'bench') {
    const port = spec.kind === 'tty' ? spec.path : spec.text;
    const place = (await findPlace(port)) ?? null;
    return { ...common, port, place, bootMs: DEFAULT_BOOT_MS, power: null, budget: DEFAULT_BUDGET };
  }
  const { module, roots } = spec;
  const { bootS, ...budget } = budgetsOf(module);
  const bootMs = bootS * 1000;
  const power = module.power === undefined ? null : powerSwitch(module.power);
  if (power !== null) await powerOn(power);
  const port = await waitForPort(spec, power === null ? 0 : bootMs);
  const place = (await findPlace(port, roots)) ?? null;
  return { ...common, port, place, bootMs, power, budget, ...(module.apn === undefined ? {} : { apn: module.apn }) };
}

/** A module whose supply has just come on is not there at once. */
async function waitForPort({ module, roots }: BenchSpec, budgetMs: number): Promise<string> {
  const untilMs = systemClock.nowMs() + budgetMs;
  for (;;) {
    try {
      return await findBenchPort(module, roots);
    } catch (thrown) {
      if (!isFailure(thrown, 'PORT_LOST') || systemClock.nowMs() >= untilMs) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** One of the inventory that does not answer is revived first, as between two scenarios: yesterday's run may have left it so. */
async function makeReady(
  care: ModuleCare,
  expected: BenchModule | undefined,
  onNote: (note: string) => void,
): Promise<ReadyModule> {
  try {
    return await askReady(care, expected);
  } catch (thrown) {
    const isSilent = isFailure(thrown, 'RPC_TIMEOUT') || isFailure(thrown, 'PORT_LOST');
    if (!isSilent || expected === undefined) throw thrown;
    onNote(`${expected.name} does not answer (${asError(thrown).message}): it is reset, at worst by its supply`);
    await revive(care, onNote);
    return await askReady(care, expected);
  }
}

async function askReady(care: ModuleCare, expected: BenchModule | undefined): Promise<ReadyModule> {
  const log = new WearLog(care.wearLog);
  log.prune();
  return await readyModule(care.port, care.apn, {
    accept: (found) => {
      if (expected !== undefined) checkIdentity(expected, found);
    },
    attach: () => {
      spendWear(log, care.budget, 'attach');
      log.note('data-call', 'a run begins');
    },
  });
}

async function revive(care: ModuleCare, onNote: (note: string) => void): Promise<void> {
  const session = await climbLadder({
    care,
    explainer: new BootExplainer(new WearLog(care.wearLog)),
    why: 'it did not answer at the start of a run',
    session: undefined,
    bootId: undefined,
    needsFreeSlots: false,
    onRung: (note) => onNote(describeRung(note)),
    onBoot: () => undefined, // before the first scenario
  });
  await session.close();
}
