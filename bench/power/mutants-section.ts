import { KINDS } from '../mutants/find-mutations.ts';
import type { MutantResult, ResultsHeader } from '../mutants/result.ts';
import type { Reason } from '../mutants/survivors.ts';

export interface MutantsReport {
  readonly header: ResultsHeader;
  readonly results: readonly MutantResult[];
  /** Why a survivor lives, by its id. */
  readonly reasons: ReadonlyMap<string, Reason>;
}

/** What the README says. */
export function mutantsSentence({ results, reasons }: Pick<MutantsReport, 'results' | 'reasons'>): string {
  const { tried, killed, living } = count(results);
  const number = (is: Reason['is']) => living.filter(({ id }) => reasons.get(id)?.is === is).length;
  return (
    `Of ${tried} small random changes to the virtual module's MQTT client ([docs/power.md](docs/power.md)), ` +
    `the scenarios notice ${killed}; of the others ${number('equivalent')} change nothing that a module does, ` +
    `${number('unreachable')} lie where no scenario can come, ${number('recorded')} change what nobody specifies, which the run ` +
    `tells of, and ${number('hole')} are holes.`
  );
}

/** The chapter of docs/power.md. */
export function mutantsSection({ header, results, reasons }: MutantsReport): string {
  const { tried, killed, unstarted, by, living, pending } = count(results);
  return [
    `**${killed} of ${tried} killed** (seed ${header.seed}, source ${header.client})` +
      `: ${by.area} by the scenarios of their area, ${by.suite} by others, ${unstarted} did not even start a run. ` +
      `${living.length} survive${pending === 0 ? '' : `; ${pending} have not been asked to the end`}.`,
    '',
    ...byKind(results),
    '',
    '| survivor | change | why it lives |',
    '|---|---|---|',
    ...living.map((result) => survivorRow(result, reasons)),
  ].join('\n');
}

function count(results: readonly MutantResult[]) {
  const isBy = (by: string) => results.filter(({ kill }) => kill?.by === by).length;
  const number = (is: MutantResult['verdict']) => results.filter(({ verdict }) => verdict === is).length;
  const unstarted = number('unstarted');
  const killed = number('killed') + unstarted;
  const living = results.filter(({ verdict }) => verdict === 'survived' || verdict === 'undecided');
  return {
    tried: killed + living.length,
    killed,
    unstarted,
    living,
    pending: number('pending'),
    by: { area: isBy('area'), suite: isBy('suite') },
  };
}

function byKind(results: readonly MutantResult[]): readonly string[] {
  const rows = KINDS.map((kind) => {
    const { tried, killed } = count(results.filter((result) => result.kind === kind));
    return `| ${kind} | ${tried} | ${killed} |`;
  });
  return ['| kind | mutants | killed |', '|---|---|---|', ...rows];
}

function survivorRow(result: MutantResult, reasons: ReadonlyMap<string, Reason>): string {
  const reason = reasons.get(result.id);
  const why = reason === undefined ? (result.why ?? '**not explained**') : `${reason.is}: ${reason.why}`;
  return `| ${result.file}:${result.line} | \`${cell(result.before)}\` → \`${cell(result.after)}\` | ${why} |`;
}

const LONGEST = 110;

function cell(code: string): string {
  const cut = code.length > LONGEST ? `${code.slice(0, LONGEST)}…` : code;
  return cut.replaceAll('|', '\\|').replaceAll('`', "'");
}
