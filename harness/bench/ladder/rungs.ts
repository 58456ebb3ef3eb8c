import { HarnessError, isFailure } from '../../errors.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { serialBytePort } from '../../flash/target/serial-byte-port.ts';
import type { ModuleSession } from '../../module/session.ts';
import { openRawSerial } from '../../transport/serial.ts';
import { AtModule } from '../at/at-module.ts';
import { atPortAt } from '../module-place.ts';
import { cyclePower, powerCycleBudgetMs } from '../power/switch-power.ts';
import type { LadderTiming } from './ladder-timing.ts';
import type { ModuleCare } from './module-care.ts';
import type { Revival } from './revival.ts';
import { RUNGS, type RungName } from './rung-note.ts';

interface Rung {
  readonly waitsFor: string;
  /** All of its waits together, at most. */
  readonly budgetMs: number;
  /** Resolves with a session with a module that is well. Else it fails, with the reason. */
  readonly act: (revival: Revival) => Promise<ModuleSession>;
}

export const RUNG_ORDER = RUNGS;

/** Three attempts of AtModule, and the reset itself. */
const AT_MS = 6_000;

const TABLE: Readonly<Record<RungName, (care: ModuleCare, timing: LadderTiming) => Rung>> = {
  'RPC reset': ({ bootMs }, { answerMs, lookMs }) => ({
    waitsFor: 'an answer to reset, and hello of a new boot',
    budgetMs: 2 * bootMs + answerMs + lookMs,
    act: (revival) => resetByRpc(revival, bootMs),
  }),
  'AT reset': ({ bootMs }, { lookMs }) => ({
    waitsFor: 'OK to AT+CFUN=1,1, and hello of a new boot',
    budgetMs: AT_MS + bootMs + lookMs,
    act: (revival) => resetByAt(revival, bootMs),
  }),
  'port re-open': (_, { openMs, lookMs }) => ({
    waitsFor: 'hello on a fresh link',
    budgetMs: openMs + lookMs,
    act: async (revival) => revival.checkWell(await revival.reopen(openMs, false)),
  }),
  'power cycle': ({ bootMs, power }, { lookMs }) => ({
    waitsFor: 'the commands of the supply, and hello of a new boot',
    budgetMs: (power === null ? 0 : powerCycleBudgetMs(power)) + bootMs + lookMs,
    act: (revival) => resetByPower(revival, bootMs),
  }),
};

export function findRung(name: RungName, care: ModuleCare, timing: LadderTiming): Rung {
  return TABLE[name](care, timing);
}

/**
 * Over the link that is open, so that the module tells first what it still has to say. A module that only starts, or whose port was
 * away, is waited for: a reset in the middle of it would hide what it started from.
 */
async function resetByRpc(revival: Revival, bootMs: number): Promise<ModuleSession> {
  const session = await revival.session(bootMs);
  if (await isWellBy(revival, session, session.isUp ? revival.timing.lookMs : bootMs)) return session;
  revival.spend();
  const { why } = revival.climb;
  const before = session.hello.boot.id;
  const started = startOf(session, bootMs);
  started.catch(() => undefined); // awaited below, unless the request fails before it
  try {
    await session.request('reset', { why: why.slice(0, WHY_CHARACTERS) }, revival.timing.answerMs);
  } catch (thrown) {
    // Its answer may be lost with the port.
    if (!isFailure(thrown, 'MODULE_RESET')) throw thrown;
  }
  revival.wear.note('rpc', why);
  if (session.hello.boot.id === before) await started;
  revival.know(session.hello.boot.id);
  return await settle(revival, session);
}

/** As many as the shim keeps. */
const WHY_CHARACTERS = 64;

async function isWellBy(revival: Revival, session: ModuleSession, budgetMs: number): Promise<boolean> {
  try {
    await revival.checkWell(session, budgetMs);
    return true;
  } catch (thrown) {
    // It has started by itself while it was asked: the session told of it, and it may be well now.
    if (isFailure(thrown, 'MODULE_RESET')) return await isWellBy(revival, session, revival.timing.lookMs);
    if (isFailure(thrown, 'WAIT_EXPIRED')) return false;
    throw thrown;
  }
}

/** The session says hello again by itself. */
function startOf(session: ModuleSession, budgetMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(notStarted(budgetMs));
    }, budgetMs);
    const stop = session.observe({
      happening: ({ k }) => {
        if (k !== 'boot') return;
        clearTimeout(timer);
        stop();
        resolve();
      },
    });
  });
}

async function resetByAt(revival: Revival, bootMs: number): Promise<ModuleSession> {
  const { care, explainer, why } = revival.climb;
  const path = care.place === null ? care.atPort : await atPortAt(care.place);
  if (path === null) throw new HarnessError('PORT_LOST', 'no AT port is known', { port: care.port });
  revival.spend();
  await using at = await AtModule.open(new AtSession(serialBytePort(await openRawSerial(path)), path));
  // The link is silent as it is: what comes from the port as it goes away is of no use.
  await revival.close();
  await at.reset();
  explainer.expect('at', why);
  return await settle(revival, await revival.reopen(bootMs, true));
}

async function resetByPower(revival: Revival, bootMs: number): Promise<ModuleSession> {
  const { care, explainer, why } = revival.climb;
  if (care.power === null) {
    throw new HarnessError('CHILD_FAILED', 'no power switch is configured', { command: 'power', exitCode: null });
  }
  revival.spend();
  await revival.close();
  explainer.expect('power', why);
  await cyclePower(care.power);
  return await settle(revival, await revival.reopen(bootMs, true));
}

async function settle(revival: Revival, session: ModuleSession): Promise<ModuleSession> {
  await revival.checkWell(session);
  await revival.bringDataCallUp(session).catch(() => undefined); // the module lives; scenarios tell the rest
  return session;
}

function notStarted(budgetMs: number): HarnessError<'WAIT_EXPIRED'> {
  const reason = 'hello of a new boot';
  return new HarnessError('WAIT_EXPIRED', `no ${reason} within ${budgetMs} ms`, { reason, budgetMs });
}
