import { EXIT, type ExitCode, pickExitCode } from '../run/exit-code.ts';
import type { StopReason } from '../run/stop-request.ts';
import type { HuntResult } from './hunt.ts';
import type { Telling } from './telling.ts';
import type { TriedDefect } from './tried-defect.ts';

export interface MutateResult {
  readonly defects: readonly TriedDefect[];
  /** Names of the defects that nothing noticed. */
  readonly survivors: readonly string[];
  /** What was found on a module without a defect, by the scenarios that ran. */
  readonly falseAlarms: readonly Telling[];
  /** How many scenarios the module without a defect went through. */
  readonly controlled: number;
  /** What the rig did not manage. */
  readonly troubles: readonly string[];
  /** Rules that threw. */
  readonly bugs: readonly string[];
  readonly stopped: StopReason | undefined;
}

export function mutateResult(hunts: readonly HuntResult[], stopped: StopReason | undefined): MutateResult {
  const defects = hunts.flatMap((hunt) => hunt.defects);
  return {
    defects,
    survivors: defects.filter(({ killedBy }) => killedBy === null).map(({ name }) => name),
    falseAlarms: hunts.flatMap(({ control }) => control.falseAlarms),
    controlled: hunts.reduce((sum, { control }) => sum + control.scenarios, 0),
    troubles: hunts.flatMap(({ troubles }) => troubles),
    bugs: hunts.flatMap(({ bugs }) => bugs),
    stopped,
  };
}

/** As for a run: what the harness does not see counts like a module's failure, rig trouble hides none. */
export function exitCodeOf(result: MutateResult): ExitCode {
  const applying: readonly (readonly [boolean, ExitCode])[] = [
    [result.bugs.length > 0, EXIT.harnessBug],
    [result.stopped === 'interrupted', EXIT.interrupted],
    [result.stopped === 'terminated', EXIT.terminated],
    [result.survivors.length > 0 || result.falseAlarms.length > 0, EXIT.moduleFailed],
    [result.troubles.length > 0, EXIT.rigFailed],
    [result.defects.length === 0, EXIT.nothingRan],
  ];
  return pickExitCode(applying.filter(([applies]) => applies).map(([, code]) => code));
}
