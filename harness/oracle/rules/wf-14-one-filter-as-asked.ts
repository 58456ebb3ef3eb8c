import { type Summary, sameBytes } from '../argument.ts';
import type { AskedPacket } from '../narration.ts';
import { type RuleFinding, rule } from '../rule.ts';
import type { EventOn } from '../topic.ts';

const FILTER = 'M-11.subscribe';
const UNSUBSCRIBE = 'M-11.unsubscribe';
const LINTED: readonly string[] = ['MQTT-3.8.3-3', 'MQTT-3.10.3-2'];

/** SUBSCRIBE and UNSUBSCRIBE carry the one filter of their call, and its QoS. [manual 3.3.4; MQTT-3.8.3-3, MQTT-3.10.3-2] */
export const oneFilterAsAsked = rule({
  id: 'WF-14',
  clause: FILTER,
  also: [UNSUBSCRIBE, ...LINTED],
  says: 'SUBSCRIBE and UNSUBSCRIBE carry exactly the filter of the call, SUBSCRIBE its QoS too',
  on: ['frame up SUBSCRIBE', 'frame up UNSUBSCRIBE'],
  step(_, { event, call }) {
    const isSubscribe = event.packet.type === 'SUBSCRIBE';
    const clause = isSubscribe ? FILTER : UNSUBSCRIBE;
    const linted = event.lint
      .filter((one) => LINTED.includes(one.clause))
      .map((one): RuleFinding => ({ message: one.says, events: [event.n], clause: one.clause }));
    const clauses = [isSubscribe ? 'MQTT-3.8.3-3' : 'MQTT-3.10.3-2'];
    if (call?.asked === undefined || call.fn !== 'sub_unsub' || call.params['after'] === 'poison')
      return { exercised: 1, clauses, findings: linted };
    const wrong = difference(event, call.asked);
    const events = [call.request?.n, event.n].filter((n) => n !== undefined);
    const findings = wrong === undefined ? linted : [...linted, { message: wrong, events, clause }];
    return { exercised: 1, clauses: [...clauses, clause], findings };
  },
});

type Judged = EventOn<`frame up ${'SUBSCRIBE' | 'UNSUBSCRIBE'}`>;

interface Sent {
  readonly filter: Summary;
  readonly qos: number | undefined;
}

function filtersOf({ packet }: Judged): readonly Sent[] {
  if (packet.type === 'SUBSCRIBE') return packet.filters;
  return packet.filters.map((filter) => ({ filter, qos: undefined }));
}

function difference(event: Judged, { type, topic, qos }: AskedPacket): string | undefined {
  const [sent, ...more] = filtersOf(event);
  if (event.packet.type !== type) return `${event.packet.type} for a call that asks for ${type}`;
  if (sent === undefined || more.length > 0)
    return `${more.length + (sent === undefined ? 0 : 1)} filters for one call`;
  if (topic === null || (topic !== undefined && !sameBytes(sent.filter, topic)))
    return 'another filter than the call’s';
  const isJudged = sent.qos !== undefined && typeof qos === 'number' && qos <= 2;
  return isJudged && sent.qos !== qos ? `QoS ${sent.qos} for a call that asks for ${qos}` : undefined;
}
