import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { asError, HarnessError } from '../errors.ts';

/**
 * Reads a configuration file of the user's (YAML, and so JSON too) and checks it against its schema.
 *
 * @throws HarnessError CONFIGURATION — it can't be read, is no YAML, or breaks the schema; the message names file and line
 */
export function readYaml<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw refused(path, lines.linePos(broken.pos[0]).line, broken.message);
  const parsed = v.safeParse(schema, plainOf(document, path));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const keys = (issue.path ?? []).map(({ key }) => key);
  throw refused(
    path,
    lineOf(document, keys, lines),
    `${keys.length === 0 ? '' : `${keys.join('.')}: `}${issue.message}`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const message = `can't read ${path}: ${asError(thrown).message}`;
    throw new HarnessError('CONFIGURATION', message, { subject: path }, { cause: thrown });
  }
}

function plainOf(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (thrown) {
    throw refused(path, 1, asError(thrown).message); // aliases without an anchor, or far too many of them
  }
}

/** Where the innermost of these keys that is there stands: what is missing has no line. */
function lineOf(document: Document, keys: readonly unknown[], lines: LineCounter): number {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const found: unknown = depth === 0 ? document.contents : document.getIn(keys.slice(0, depth), true);
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return 1;
}

function refused(path: string, line: number, what: string): HarnessError {
  return new HarnessError('CONFIGURATION', `${path}:${line}: ${what}`, { subject: path });
}
