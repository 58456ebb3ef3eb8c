import type { Disturbance } from '../../harness/module/disturbed.ts';

/** The line that a whole run has to stand, in both directions: beside it, the connection is cut at random moments. */
export const WORST_LINE: Disturbance = {
  noise: 0.05,
  noiseInside: 0.02,
  flipEvery: 20,
  cut: 0.02,
  duplicate: 0.02,
  split: 0.1,
};
