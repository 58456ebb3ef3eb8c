import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleFinding, rule, spare } from '../rule.ts';
import { undecided } from '../step.ts';
import { FLAWED_PACKETS, ORDINARY_REQUEST_RETURNS } from '../topic.ts';

const HIGHEST_QOS = 2;
const PUBLISH = 'MQTT-3.3.1-4';
const SUBSCRIBE = 'MQTT-3.8.3-4';
const WILL = 'MQTT-3.1.2-14';
const CLAUSES: ReadonlySet<string> = new Set([PUBLISH, SUBSCRIBE, WILL]);

/** A QoS beyond 2, of a publish, a subscription or a will, never reaches the wire. */
export const qos3IsRefused = rule({
  id: 'RC-08',
  clause: PUBLISH,
  also: [SUBSCRIBE, WILL],
  says: 'a call with a QoS other than 0, 1 and 2 puts no such QoS on the wire',
  on: ['ret publish', 'ret sub_unsub', 'ret connect', ...FLAWED_PACKETS],
  spared: spare(ORDINARY_REQUEST_RETURNS),
  step(_, { event, call }) {
    if (event.k === 'ret') {
      const clause = call === undefined ? undefined : clauseTried(call);
      return clause === undefined ? undecided() : { exercised: 1, clauses: [clause] };
    }
    return { findings: findingsOf(event) };
  },
});

/** The clause that a call puts to the test by asking for a QoS that there is not. */
function clauseTried({ fn, params }: CallRecord): string | undefined {
  if (fn === 'publish' && isBeyond(params['qos'])) return PUBLISH;
  if (fn === 'sub_unsub' && params['sub'] !== 0 && isBeyond(params['qos'])) return SUBSCRIBE;
  const info = params['info'];
  const hasWill = isRecord(info) && info['willTopic'] !== null && info['willTopic'] !== undefined;
  return fn === 'connect' && hasWill && isBeyond(info['willQos']) ? WILL : undefined;
}

function isBeyond(qos: unknown): boolean {
  return typeof qos === 'number' && (qos > HIGHEST_QOS || qos < 0);
}

function findingsOf({ lint, n }: EventOf<'frame'>): readonly RuleFinding[] {
  return lint
    .filter(({ clause }) => CLAUSES.has(clause))
    .map(({ clause, says }) => ({ message: says, events: [n], clause }));
}
