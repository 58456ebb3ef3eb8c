import * as v from 'valibot';
import { HarnessError } from '../errors.ts';
import { METHODS, type MethodName, type MethodResults } from '../protocol/methods.ts';

/** The table seen so that the compiler can tell which result belongs to which method. */
const table: { readonly [M in MethodName]: { readonly result: v.GenericSchema<unknown, MethodResults[M]> } } = METHODS;

/** @throws HarnessError PROTOCOL — it is not what this method answers */
export function decodeResult<M extends MethodName>(method: M, result: unknown): MethodResults[M] {
  const parsed = v.safeParse(table[method].result, result);
  if (parsed.success) return parsed.output;
  const saw = JSON.stringify(result);
  throw new HarnessError('PROTOCOL', `the answer to ${method} is malformed: ${v.summarize(parsed.issues)}`, { saw });
}
