export const RUNGS = ['RPC reset', 'AT reset', 'port re-open', 'power cycle'] as const;
export type RungName = (typeof RUNGS)[number];

/** How a rung was climbed. */
export interface RungNote {
  readonly rung: RungName;
  readonly waitedFor: string;
  readonly budgetMs: number;
  readonly takenMs: number;
  readonly ok: boolean;
  /** Why not. */
  readonly why?: string;
}

/** `AT reset (/dev/ttyUSB2 did not answer AT within 1000 ms)` */
export function describeRung({ rung, ok, why = '' }: RungNote): string {
  return ok ? rung : `${rung} (${why})`;
}
