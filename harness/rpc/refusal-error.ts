import { HarnessError } from '../errors.ts';
import { findShimErrorName } from '../protocol/shim-errors.ts';
import type { Refusal } from './answer.ts';

/** The shim's refusal of a request, with what it adds to it. */
export function refusalError(method: string, { code, message, data }: Refusal): HarnessError<'RPC_REFUSED'> {
  const name = findShimErrorName(code) ?? message;
  const detail = data === undefined ? '' : `, ${JSON.stringify(data)}`;
  return new HarnessError('RPC_REFUSED', `${method} was refused: ${name} (${code}${detail})`, { method, code, name });
}
