import { allClauses } from '../scenarios/clauses/all-clauses.ts';

/** docs/manual-notes.md: what the manual contradicts itself in or is silent about, for the vendor. */
export function manualNotes(): string {
  const silences = allClauses.filter(({ id }) => id.startsWith('D-'));
  const readings = allClauses.filter(({ id, source, reason }) => {
    return !id.startsWith('D-') && source.startsWith('manual') && reason !== undefined;
  });
  return `${[
    '# Notes on the manual',
    '',
    'For the vendor of the API, and for whoever wonders why a behaviour is recorded and not judged. They are about *QuecOpen MQTT API 参考手册* for the',
    'ECx00U and EGx00U series, version 1.0 of 2021-09-27. Made from `scenarios/clauses/` (`npm run coverage`); a test keeps it current.',
    '',
    '## Contradictions and silences',
    '',
    'What the module does here is recorded for each SKU and firmware, and a change is reported; nothing fails by it. A sentence in the manual',
    'would turn each into something that can be tested.',
    '',
    ...silences.flatMap(({ id, source, says, reason = '' }) => [
      `**${id}** (${source}). Open: ${says}.`,
      `Our reading: ${reason}.`,
      '',
    ]),
    '## Sentences that we read in a certain way',
    '',
    '| clause | section | read as | because |',
    '|---|---|---|---|',
    ...readings.map(({ id, source, says, reason = '' }) => {
      const cells = [id, source.replace('manual ', ''), says, reason];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    }),
  ].join('\n')}\n`;
}
