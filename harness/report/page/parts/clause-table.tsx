import type { JudgedClause } from '../../chapters.ts';
import { ClauseLink } from './links.tsx';
import { Badge } from './tone.tsx';

export function ClauseTable({ clauses }: { readonly clauses: readonly JudgedClause[] }) {
  return (
    <ul class="clauses">
      {clauses.map(({ clause, says, source, kind, exercised, violated, state }) => (
        <li key={clause}>
          <div class="clause-head">
            <ClauseLink clause={clause} /> <Badge tone={state} />
            <span class="quiet">
              {exercised} × exercised{violated > 0 ? `, ${violated} × violated` : ''} · {kind}
              {source === '' ? '' : ` · ${source}`}
            </span>
          </div>
          <p class="says">{says}</p>
        </li>
      ))}
    </ul>
  );
}
