import type { Packet } from '../../../broker/events.ts';
import { crc32 } from '../../protocol/crc32.ts';
import { isRecord } from '../../timeline/member-type.ts';
import { type Summary, sameBytes, summariseString } from '../argument.ts';
import { type RuleFinding, rule } from '../rule.ts';
import { undecided } from '../step.ts';

type Connect = Extract<Packet, { readonly type: 'CONNECT' }>;
type Info = Readonly<Record<string, unknown>>;

/** Holds when the packet says what the argument says; undefined when the argument is one of which nobody speaks. */
type Check = (packet: Connect, info: Info) => boolean | undefined;

const encoder = new TextEncoder();

const CHECKS: Readonly<Record<string, Check>> = {
  'M-5.client-id': ({ clientId }, info) => sameText(clientId, info['clientId']),
  'M-5.user': ({ userName }, info) => sameText(userName, info['user']),
  'M-5.password': ({ password }, info) =>
    // MQTT forbids a password without a user name. [MQTT-3.1.2-22]
    isAbsent(info['user']) ? undefined : sameSummary(password, info['pass']),
  'M-5.will': ({ will }, info) => {
    if (isAbsent(info['willTopic'])) return isAbsent(info['willMsg']) ? will === null : undefined;
    if (isAbsent(info['willMsg'])) return undefined;
    if (will === null) return false;
    return both(sameText(will.topic, info['willTopic']), sameSummary(will.message, info['willMsg']));
  },
  'M-5.will-qos': ({ will }, { willQos = 0 }) =>
    will === null || typeof willQos !== 'number' || willQos > 2 ? undefined : will.qos === willQos,
  'M-5.will-retain': ({ will }, { willRetain = 0 }) => (will === null ? undefined : will.retain === (willRetain !== 0)),
};
const CLIENT_ID = 'M-5.client-id';
const ORDER = 'MQTT-3.1.3-1';

/** CONNECT says what the client information says, field by field. [manual 3.3.2.2; MQTT-3.1.3-1] */
export const connectSaysClientInfo = rule({
  id: 'WF-06',
  clause: CLIENT_ID,
  also: [...Object.keys(CHECKS).filter((clause) => clause !== CLIENT_ID), ORDER],
  says: 'CONNECT carries client id, will, user name and password of the client information, in their places',
  on: ['frame up CONNECT'],
  step(_, { event: { packet, n }, call }) {
    const info = call?.params['info'];
    // Arguments that were overwritten after the call are no measure (D-20).
    if (!isRecord(info) || call?.params['after'] === 'poison') return undecided();
    const results = Object.entries(CHECKS).map(([clause, check]) => ({ clause, holds: check(packet, info) }));
    const findings = results
      .filter(({ holds }) => holds === false)
      .map(({ clause }): RuleFinding => {
        const events = [call?.begin?.n ?? call?.request?.n, n].filter((number) => number !== undefined);
        return { message: `CONNECT differs from the client information: ${clause}`, events, clause };
      });
    const clauses = results.filter(({ holds }) => holds !== undefined).map(({ clause }) => clause);
    return { exercised: 1, clauses: [...clauses, ORDER], findings };
  },
});

function sameText(sent: string | null, argument: unknown): boolean | undefined {
  const bytes = sent === null ? null : encoder.encode(sent);
  return sameSummary(bytes === null ? null : { length: bytes.length, crc32: crc32(bytes) }, argument);
}

function sameSummary(sent: Summary | null, argument: unknown): boolean | undefined {
  const wanted = summariseString(argument ?? null);
  if (wanted === undefined) return undefined;
  // An empty string may count as none: the manual knows NULL only.
  if (wanted === null || wanted.length === 0) return sent === null || sent.length === 0;
  return sent !== null && sameBytes(sent, wanted);
}

function both(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

function isAbsent(argument: unknown): boolean {
  return argument === undefined || argument === null;
}
