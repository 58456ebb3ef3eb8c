import { join } from 'node:path';
import * as v from 'valibot';
import { readYaml } from '../../harness/bench/read-yaml.ts';

const FILE = join(import.meta.dirname, 'survivors.yaml');

const reasonSchema = v.strictObject({
  /**
   * `equivalent`: nothing that a module does differs; `unreachable`: only another personality, a defect or a failure that can't be brought
   * about comes there; `recorded`: nobody specifies it, and the run tells of the change against its baseline; `hole`: the harness should have
   * seen it.
   */
  is: v.picklist(['equivalent', 'unreachable', 'recorded', 'hole']),
  why: v.string(),
});
export type Reason = v.InferOutput<typeof reasonSchema>;

const fileSchema = v.strictObject({
  schema: v.literal('qlhil-survivors/1'),
  survivors: v.record(v.string(), reasonSchema),
});

/** Why each mutant lives that nothing kills, in one line a mutant. */
export function readReasons(): ReadonlyMap<string, Reason> {
  return new Map(Object.entries(readYaml(FILE, fileSchema).survivors));
}
