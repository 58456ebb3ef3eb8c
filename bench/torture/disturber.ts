import type { WearLog } from '../../harness/bench/ladder/wear-log.ts';
import type { VirtualModule } from '../../harness/bench/virtual-module.ts';
import type { DisturbingRelay } from '../../test/support/disturbing-relay.ts';

export const DISTURBANCES = ['cut', 'replug', 'reset', 'hang', 'noise'] as const;
export type DisturbanceKind = (typeof DISTURBANCES)[number];

/** What was done to the link or the module, Unix time in ms. */
export interface Happened {
  readonly kind: DisturbanceKind;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Disturbed {
  readonly virtual: VirtualModule;
  readonly relay: DisturbingRelay;
  readonly wear: WearLog;
  readonly random: () => number;
}

const PLUG_BUDGET_MS = 20_000;
const LONGEST_HANG_MS = 1_000;
const LONGEST_UNPLUGGED_MS = 300;
const NOISE_MS = 150;
/** 1 KiB of it before every third line or so, and inside of some. */
const NOISE = { noise: 0.3, noiseInside: 0.1 };

/** Does one thing to the link or the module; resolves when it is over. What it leaves behind is for the harness to deal with. */
export async function disturb(kind: DisturbanceKind, disturbed: Disturbed): Promise<Happened> {
  const fromMs = Date.now();
  await ACTS[kind](disturbed);
  return { kind, fromMs, untilMs: Date.now() };
}

const ACTS: Readonly<Record<DisturbanceKind, (disturbed: Disturbed) => Promise<void>>> = {
  async cut({ relay }) {
    relay.cut();
  },
  async replug({ virtual, random }) {
    await virtual.control('unplug');
    await passed(random() * LONGEST_UNPLUGGED_MS);
    await virtual.control('plug');
  },
  async reset({ virtual, wear }) {
    const back = virtual.waitFor(({ event }) => event === 'plugged', PLUG_BUDGET_MS, 'the module after a reset');
    // Said first, as whoever resets a module from outside has to: it is no crash.
    wear.note('pin', 'torture');
    await virtual.control('reset');
    await back;
  },
  async hang({ relay, random }) {
    relay.hold();
    await passed(random() * LONGEST_HANG_MS);
    relay.release();
  },
  async noise({ relay }) {
    relay.disturbance = NOISE;
    await passed(NOISE_MS);
    relay.disturbance = {};
  },
};

/** The moment at which something happens is drawn, not awaited. */
export function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
