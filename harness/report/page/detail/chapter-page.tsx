import { chaptersOf, titleOf } from '../../chapters.ts';
import type { PageData } from '../../page-data.ts';
import { ClauseTable } from '../parts/clause-table.tsx';
import { Crumbs } from './crumbs.tsx';

/** All clauses of a chapter. */
export function ChapterPage({ data, name }: { readonly data: PageData; readonly name: string }) {
  const chapter = chaptersOf(data.record).find((one) => one.name === name);
  return (
    <>
      <Crumbs way={[]} here={name} />
      <h1>
        {name} <span class="quiet">{titleOf(name)}</span>
      </h1>
      {chapter === undefined ? (
        <p>This run knows no such chapter.</p>
      ) : (
        <ClauseTable clauses={chapter.clauses} />
      )}
    </>
  );
}
