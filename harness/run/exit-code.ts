/** What a run ends with, by exit code. Programs branch on it. */
export const EXIT = {
  passed: 0,
  moduleFailed: 1,
  usage: 2,
  rigFailed: 3,
  harnessBug: 4,
  nothingRan: 5,
  flaky: 6,
  locked: 7,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Rig trouble never hides a module's failure, and nothing hides a bug of the harness. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.harnessBug,
  EXIT.usage,
  EXIT.locked,
  EXIT.interrupted,
  EXIT.terminated,
  EXIT.moduleFailed,
  EXIT.rigFailed,
  EXIT.flaky,
  EXIT.nothingRan,
  EXIT.passed,
];

/** The one that counts when several apply; none applying is a pass. */
export function pickExitCode(applying: Iterable<ExitCode>): ExitCode {
  const all = new Set(applying);
  return PRECEDENCE.find((code) => all.has(code)) ?? EXIT.passed;
}
