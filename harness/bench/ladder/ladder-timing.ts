/** How long a climb waits, ms; beside the time that a module takes to boot. */
export interface LadderTiming {
  /** For an answer to reset. */
  readonly answerMs: number;
  /** For an answer from a module that is up. */
  readonly lookMs: number;
  /** For hello on a port that is opened anew. */
  readonly openMs: number;
}

export const LADDER_TIMING: LadderTiming = { answerMs: 3_000, lookMs: 3_000, openMs: 10_000 };
