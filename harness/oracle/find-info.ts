import { isRecord } from '../timeline/member-type.ts';
import type { CallRecord } from './narration.ts';

/** The client information of a connect call; undefined if there is none or it was NULL. */
export function findInfo(call: CallRecord | undefined): Readonly<Record<string, unknown>> | undefined {
  const info = call?.params['info'];
  return isRecord(info) ? info : undefined;
}
