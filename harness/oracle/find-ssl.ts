import { isRecord } from '../timeline/member-type.ts';
import { findArgumentText } from './argument.ts';
import { findInfo } from './find-info.ts';
import type { CallRecord } from './narration.ts';

type Ssl = Readonly<Record<string, unknown>>;

/** Members of the longer struct that switch part of the verification off. */
const WAIVERS = ['ignoreInvalidCertSign', 'ignoreMultiCertChainVerify', 'ignoreCertItem'] as const;

/** The TLS configuration of a connect call to mqtts://; undefined if there is none, or it was overwritten after the call. */
export function findSsl(call: CallRecord | undefined): Ssl | undefined {
  const ssl = findInfo(call)?.['ssl'];
  const isSecret = findArgumentText(call?.params['host'])?.startsWith('mqtts://') === true;
  return isSecret && isRecord(ssl) && call?.params['after'] !== 'poison' ? ssl : undefined;
}

/** The verify level that a connect call asks for, by the headers: 0 nobody, 1 the server, 2 both sides. 0 where part of it is waived. */
export function verifyLevelOf(ssl: Ssl | undefined): number {
  const level = ssl?.['verifyLevel'];
  const isWaived = WAIVERS.some((name) => (ssl?.[name] ?? 0) !== 0);
  return typeof level === 'number' && !isWaived ? level : 0;
}
