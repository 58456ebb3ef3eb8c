import { useState } from 'preact/hooks';
import { type Chapter, type ClauseState, chaptersOf, titleOf } from '../../chapters.ts';
import type { RunRecord } from '../../run-record.ts';
import { ClauseTable } from '../parts/clause-table.tsx';
import { hrefOf } from '../route.ts';
import { Sign, wordOf } from '../parts/tone.tsx';

const STATES: readonly ClauseState[] = ['violated', 'deviating', 'held', 'observed', 'never'];
const HEADS: Readonly<Record<ClauseState, string>> = {
  violated: 'Violated',
  deviating: 'Deviates',
  held: 'Held',
  observed: 'Observed',
  never: 'Never',
};

interface Cell {
  readonly chapter: string;
  readonly state: ClauseState;
}

/** The manual's chapters against what became of their clauses; a cell opens the clauses that it counts. */
export function ClauseMatrix({ record }: { readonly record: RunRecord }) {
  const chapters = chaptersOf(record);
  const [open, setOpen] = useState<Cell | undefined>();
  const toggle = (cell: Cell) =>
    setOpen((now) => (now?.chapter === cell.chapter && now.state === cell.state ? undefined : cell));
  return (
    <section aria-labelledby="clauses">
      <h2 id="clauses">Clauses</h2>
      <p class="quiet">
        What the manual and the standards say, chapter by chapter, and what became of it. “Exercised” counts how often a
        clause’s premise was met: nothing passes by not happening.
      </p>
      <div class="scroll">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Chapter</th>
              {STATES.map((state) => (
                <th scope="col" key={state} class="figure">
                  {HEADS[state]}
                </th>
              ))}
              <th scope="col" class="figure">
                Exercised
              </th>
            </tr>
          </thead>
          {chapters.map((chapter) => (
            <ChapterRows key={chapter.name} chapter={chapter} open={open} toggle={toggle} />
          ))}
        </table>
      </div>
    </section>
  );
}

function ChapterRows({
  chapter,
  open,
  toggle,
}: {
  readonly chapter: Chapter;
  readonly open: Cell | undefined;
  readonly toggle: (cell: Cell) => void;
}) {
  const { name, clauses, exercised } = chapter;
  const shown = open?.chapter === name ? open.state : undefined;
  return (
    <tbody>
      <tr>
        <th scope="row">
          <a href={hrefOf({ at: 'chapter', chapter: name })}>{name}</a> <span class="quiet">{titleOf(name)}</span>
        </th>
        {STATES.map((state) => (
          <td key={state} class="figure">
            <CountCell chapter={chapter} state={state} isOpen={shown === state} toggle={toggle} />
          </td>
        ))}
        <td class="figure">{exercised}</td>
      </tr>
      {shown === undefined ? null : (
        <tr class="opened">
          <td colSpan={STATES.length + 2}>
            <ClauseTable clauses={clauses.filter(({ state }) => state === shown)} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function CountCell({
  chapter: { name, clauses },
  state,
  isOpen,
  toggle,
}: {
  readonly chapter: Chapter;
  readonly state: ClauseState;
  readonly isOpen: boolean;
  readonly toggle: (cell: Cell) => void;
}) {
  const number = clauses.filter((clause) => clause.state === state).length;
  if (number === 0) return <span class="nil">·</span>;
  return (
    <button
      type="button"
      class={`cell ${state}`}
      aria-expanded={isOpen}
      aria-label={`${name}: ${number} ${wordOf(state)}`}
      onClick={() => toggle({ chapter: name, state })}
    >
      <Sign tone={state} /> {number}
    </button>
  );
}
