import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, undecided } from '../step.ts';

const ACCEPTED = 'M-7.accepted';
/** The clause of each return code of CONNACK. [MQTT 3.1.1, table 3.1; manual 3.3.2.4] */
const CLAUSES: readonly string[] = [
  ACCEPTED,
  'M-7.refused-protocol-version',
  'M-7.refused-identifier',
  'M-7.refused-server',
  'M-7.refused-username-pass',
  'M-7.refused-not-authorized',
];

/**
 * The connection callback says what CONNACK says. [manual 3.3.2.4]
 *
 * Whether a CONNACK 0 came too late for the module is its own to say, and so is what it makes of a reserved code.
 */
export const statusIsConnackCode = rule({
  id: 'RC-14',
  clause: ACCEPTED,
  also: CLAUSES.slice(1),
  says: 'the status of a connection callback is the return code of CONNACK, and 0 only after a CONNACK 0',
  on: ['enter connect'],
  step(_, { event, call }) {
    if (call?.callbacks[0] !== event || call.connection === undefined) return undecided();
    const { connack } = call.connection;
    const code = codeOf(connack);
    const clause = code === undefined ? undefined : CLAUSES[code];
    if (event.status === 0 && code !== 0) {
      return breach(`status 0 without a CONNACK 0${code === undefined ? '' : `: it said ${code}`}`, [
        connack?.n,
        event.n,
      ]);
    }
    if (clause === undefined || (code === 0 && event.status !== 0)) return undecided();
    if (event.status === code) return { exercised: 1, clauses: [clause] };
    const message = `status ${event.status} for a CONNACK ${code}`;
    const events = [connack?.n, event.n].filter((n) => n !== undefined);
    return { exercised: 1, clauses: [clause], findings: [{ message, events, clause }] };
  },
});

function codeOf(connack: EventOf<'frame'> | undefined): number | undefined {
  return connack?.packet.type === 'CONNACK' ? connack.packet.returnCode : undefined;
}
