import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { asError, HarnessError } from '../errors.ts';
import { registeredScenarios } from './scenario.ts';

/** What is known of a scenario without running it. */
export interface IndexedScenario {
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly needs: readonly string[];
  readonly file: string;
}

/**
 * Loads scenario files outside of Jest, which registers what is in them.
 *
 * @throws HarnessError CONFIGURATION — a file does not load, or has no scenario in it
 */
export async function indexScenarios(files: readonly string[]): Promise<readonly IndexedScenario[]> {
  if (files.some((file) => file.endsWith('.ts'))) register('./typescript-loader.js', import.meta.url);
  const index: IndexedScenario[] = [];
  for (const file of files) index.push(...(await indexFile(file)));
  return index;
}

async function indexFile(file: string): Promise<readonly IndexedScenario[]> {
  const before = registeredScenarios().length;
  try {
    await import(pathToFileURL(file).href);
  } catch (thrown) {
    const message = `${file} does not load: ${asError(thrown).message}`;
    throw new HarnessError('CONFIGURATION', message, { subject: file }, { cause: thrown });
  }
  const added = registeredScenarios().slice(before);
  if (added.length === 0) {
    const message = `${file} registers no scenario: it must call scenario() of this installation of ql-mqtt-hil`;
    throw new HarnessError('CONFIGURATION', message, { subject: file });
  }
  return added.map(({ id, title, clauses, needs = [] }) => ({ id, title, clauses, needs, file }));
}
