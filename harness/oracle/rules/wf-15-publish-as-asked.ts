import type { Packet } from '../../../broker/events.ts';
import type { Observation } from '../../run/outcome.ts';
import { sameBytes } from '../argument.ts';
import type { AskedPacket } from '../narration.ts';
import { type RuleFinding, rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';

type Publish = Extract<Packet, { readonly type: 'PUBLISH' }>;

const TOPIC = 'M-9.publish';
const OVERWRITTEN = 'D-20';
const CHECKS: Readonly<Record<string, (packet: Publish, asked: AskedPacket) => boolean | undefined>> = {
  [TOPIC]: ({ topic }, asked) =>
    asked.topic === undefined ? undefined : asked.topic !== null && sameBytes(topic, asked.topic),
  'M-9.payload': ({ payload }, asked) =>
    asked.payload === undefined ? undefined : asked.payload !== null && sameBytes(payload, asked.payload),
  'M-9.qos': ({ qos }, asked) => (typeof asked.qos === 'number' && asked.qos <= 2 ? qos === asked.qos : undefined),
  'M-9.retain': ({ retain }, { retain: asked = 0 }) =>
    asked === 0 || asked === 1 ? retain === (asked === 1) : undefined,
};

const CHECK_LIST = Object.entries(CHECKS);
/** The step of nearly every PUBLISH. */
const AS_ASKED: Step<never> = { exercised: 1, clauses: Object.keys(CHECKS) };

/**
 * PUBLISH says what the call asked for: topic, payload, QoS, RETAIN. [manual 3.3.3]
 *
 * Whether arguments may be overwritten once the call has returned is nobody's word (D-20): then a difference is only noted.
 */
export const publishAsAsked = rule({
  id: 'WF-15',
  clause: TOPIC,
  also: [...Object.keys(CHECKS).filter((clause) => clause !== TOPIC), OVERWRITTEN],
  says: 'topic, payload, QoS and RETAIN of a PUBLISH are those of the call',
  on: ['frame up PUBLISH'],
  step(_, { event, call }): Step<never> {
    if (call?.asked === undefined || call.fn !== 'publish' || call.wire !== event) return undecided();
    const { packet, n } = event;
    const { asked } = call;
    if (call.params['after'] !== 'poison' && CHECK_LIST.every(([, check]) => check(packet, asked) === true))
      return AS_ASKED;
    const results = CHECK_LIST.map(([clause, check]) => ({ clause, holds: check(packet, asked) }));
    const clauses = results.filter(({ holds }) => holds !== undefined).map(({ clause }) => clause);
    const wrong = results.filter(({ holds }) => holds === false).map(({ clause }) => clause);
    if (call.params['after'] === 'poison') return { observations: [overwritten(wrong.length > 0)] };
    const events = [call.request?.n, n].filter((number) => number !== undefined);
    const findings = wrong.map(
      (clause): RuleFinding => ({ message: `PUBLISH differs from its call: ${clause}`, events, clause }),
    );
    return { exercised: 1, clauses, findings };
  },
});

function overwritten(isChanged: boolean): Observation {
  const value = isChanged ? 'sent as overwritten' : 'sent as passed';
  return { clause: OVERWRITTEN, name: 'publish arguments overwritten after the call', value };
}
