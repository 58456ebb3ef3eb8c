import type { FileContent } from '../../timeline/events.ts';
import { findArgumentText } from '../argument.ts';
import { findSsl, verifyLevelOf } from '../find-ssl.ts';
import type { CallRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';

/** What is known to be in the module's files, by name. */
type Files = Readonly<Record<string, FileContent>>;

const BOTH_SIDES = 2;
const USELESS: ReadonlySet<FileContent | undefined> = new Set<FileContent>(['nothing', 'garbage']);

/** Who is to be verified, or shown, by a file that is not there is not connected. [manual 3.3.2.5] */
export const unreadableFailsClosed = rule<Files, 'file' | 'ret connect' | 'enter connect'>({
  id: 'TL-09',
  clause: 'M-8.ca',
  also: ['M-8.client-cert', 'M-8.client-key'],
  says: 'without a readable CA at verify level 1, or client certificate and key at level 2, nothing is connected to',
  on: ['file', 'ret connect', 'enter connect'],
  key: ({ event, call }) => {
    if (event.k === 'file') return 0;
    const isAnswer = event.k === 'enter' || (event.ret !== 0 && event.ret !== -2);
    return isAnswer && call?.fn === 'connect' && findSsl(call) !== undefined ? 0 : undefined;
  },
  step(files = {}, { event, call }): Step<Files> {
    if (event.k === 'file') return undecided({ ...files, [event.name]: event.holds });
    const clause = call === undefined ? undefined : findMissing(call, files);
    if (clause === undefined) return undecided(files);
    const isConnected = event.k === 'enter' && event.status === 0;
    const message = `connected without what ${clause} asks for`;
    const events = [call?.request?.n, event.n].filter((n) => n !== undefined);
    return {
      state: files,
      exercised: 1,
      clauses: [clause],
      findings: isConnected ? [{ message, events, clause }] : [],
    };
  },
});

/** The clause of the first thing that a connect call can't do without and does not have. */
function findMissing(call: CallRecord, files: Files): string | undefined {
  const ssl = findSsl(call);
  const level = verifyLevelOf(ssl);
  const isUseless = (file: unknown) => file === null || USELESS.has(files[findArgumentText(file) ?? '']);
  if (level > 0 && isUseless(ssl?.['caCert'])) return 'M-8.ca';
  if (level < BOTH_SIDES || call.connection?.server?.asksClient !== true) return undefined;
  if (isUseless(ssl?.['clientCert'])) return 'M-8.client-cert';
  return isUseless(ssl?.['clientKey']) ? 'M-8.client-key' : undefined;
}
