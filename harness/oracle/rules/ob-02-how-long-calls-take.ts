import { WOUNDBLOCK } from '../../protocol/codes.ts';
import { CALL_FUNCTIONS } from '../../protocol/module-event.ts';
import type { EventOf } from '../../timeline/events.ts';
import { resultOf } from '../callback-of.ts';
import type { CallRecord, InboundRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { UNCHANGED } from '../step.ts';

const SUCCESS = 0;

/** Names of what is measured often. A text that is put together anew must be hashed anew to be found. */
const RETURNS: Readonly<Record<string, string>> = Object.fromEntries(CALL_FUNCTIONS.map((fn) => [fn, `${fn} returns`]));
const QOS_LEVELS = [0, 1, 2];
const PUBLISHES = QOS_LEVELS.map((qos) => `publish of QoS ${qos} succeeds`);
const MESSAGES = QOS_LEVELS.map((qos) => `message of QoS ${qos} is brought`);

/**
 * How long a call takes to return, and until the callback that tells of its success, is nobody's word: it is measured. [D-25]
 *
 * Both ends of a call are stamped by the module. A message's way in begins on the host's clock, and is uncertain by ±ε. What a fault
 * has touched measures the fault, not the module.
 */
export const howLongCallsTake = rule({
  id: 'OB-02',
  clause: 'D-25',
  says: 'how long calls take to return and to succeed, and messages to be brought, is measured',
  on: ['ret', 'enter'],
  step(_, { event, call, inbound, slot }) {
    if (slot?.connect?.connection?.isDisturbed === true) return UNCHANGED;
    if (event.k === 'ret') return timeOfReturn(event, call);
    if (event.cb === 'inpub') return timeOfMessage(event, inbound);
    return timeOfSuccess(event, call);
  },
});

function timeOfReturn(event: EventOf<'ret'>, call: CallRecord | undefined): Step<never> {
  const isTaken = event.ret >= SUCCESS || event.ret === WOUNDBLOCK;
  if (call?.begin === undefined || !isTaken) return UNCHANGED;
  return measured(RETURNS[event.fn] ?? `${event.fn} returns`, event.t - call.begin.t);
}

function timeOfSuccess(event: EventOf<'enter'>, call: CallRecord | undefined): Step<never> {
  const isFirst = call?.callbacks.length === 1;
  if (call?.begin === undefined || !isFirst || resultOf(event) !== SUCCESS) return UNCHANGED;
  const name = nameOf(call);
  return name === undefined ? UNCHANGED : measured(name, event.t - call.begin.t);
}

function timeOfMessage(event: EventOf<'enter'>, inbound: InboundRecord | undefined): Step<never> {
  const isFirst = inbound?.deliveries.length === 1;
  if (inbound === undefined || !isFirst || inbound.isRepeat || inbound.frame.packet.type !== 'PUBLISH')
    return UNCHANGED;
  const { qos } = inbound.frame.packet;
  return measured(MESSAGES[qos] ?? `message of QoS ${qos} is brought`, Math.max(0, event.at - inbound.frame.at));
}

function nameOf({ fn, params, connection }: CallRecord): string | undefined {
  switch (fn) {
    case 'connect':
      return connection === undefined ? undefined : `connect ${connection.tls ? 'with' : 'without'} TLS succeeds`;
    case 'publish':
      return (
        PUBLISHES[typeof params['qos'] === 'number' ? params['qos'] : -1] ??
        `publish of QoS ${String(params['qos'])} succeeds`
      );
    case 'sub_unsub':
      return `${params['sub'] === 0 ? 'unsubscribe' : 'subscribe'} succeeds`;
    case 'disconnect':
      return 'disconnect succeeds';
    default:
      return undefined;
  }
}

function measured(name: string, ms: number): Step<never> {
  return { exercised: 1, measurements: [{ name, unit: 'ms', value: Math.round(ms * 10) / 10 }] };
}
