import { KINDS } from '../mutants/find-mutations.ts';
import { isMutant, type MutantResult, type ResultsHeader } from '../mutants/result.ts';
import type { Reason } from '../mutants/survivors.ts';

export interface MutantsReport {
  readonly header: ResultsHeader;
  readonly results: readonly MutantResult[];
  /** Why a survivor lives, by its id. */
  readonly reasons: ReadonlyMap<string, Reason>;
}

/** One sentence for the README. */
export function mutantsSentence({ results }: Pick<MutantsReport, 'results'>): string {
  const { tried, killed } = count(results);
  return (
    `Of ${tried} small random changes to the virtual module's MQTT client ([docs/power.md](docs/power.md)), ` +
    `the scenarios notice ${killed}.`
  );
}

/** The chapter of docs/power.md. */
export function mutantsSection({ header, results, reasons }: MutantsReport): string {
  const { tried, killed, unstarted, by } = count(results);
  const living = results.filter(({ verdict }) => verdict === 'survived' || verdict === 'undecided');
  const left = results.filter(({ verdict }) => verdict === 'pending').length;
  return [
    `**${killed} of ${tried} killed** (seed ${header.seed}, source ${header.client})` +
      `: ${by.area} by the scenarios of their area, ${by.suite} by others, ${unstarted} did not even start a run. ` +
      `${living.length} survive${left === 0 ? '' : `; ${left} have not been asked to the end`}.`,
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
  const unstarted = results.filter(({ verdict }) => verdict === 'unstarted').length;
  const killed = results.filter(({ verdict }) => verdict === 'killed').length + unstarted;
  return {
    tried: results.filter((result) => isMutant(result) && result.verdict !== 'pending').length,
    killed,
    unstarted,
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
