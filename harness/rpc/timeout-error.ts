import { HarnessError } from '../errors.ts';

/** The budget of a request is over. */
export function timeoutError(method: string, timeoutMs: number): HarnessError<'RPC_TIMEOUT'> {
  return new HarnessError('RPC_TIMEOUT', `no answer to ${method} within ${timeoutMs} ms`, { method, timeoutMs });
}
