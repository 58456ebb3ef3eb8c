import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { observationsTable, TABLE_BEGINS } from '../test/support/observations-table.ts';

/* Writes the table of docs/observations.md anew, from fixtures/baselines. */
const path = join(import.meta.dirname, '..', 'docs', 'observations.md');
const [text = ''] = readFileSync(path, 'utf8').split(TABLE_BEGINS);
writeFileSync(path, `${text}${TABLE_BEGINS}${observationsTable()}\n`);
