import type { EventOf } from '../timeline/events.ts';
import type { CallRecord } from './narration.ts';
import { isSet } from './narrator/packet-of-call.ts';

type PacketType = EventOf<'frame'>['packet']['type'];

/** The packet that completes a call's request; undefined if nothing is waited for, as at QoS 0. */
export function lastAckType({ fn, params }: CallRecord): PacketType | undefined {
  if (fn === 'sub_unsub') return isSet(params['sub']) ? 'SUBACK' : 'UNSUBACK';
  if (fn !== 'publish') return undefined;
  if (params['qos'] === 1) return 'PUBACK';
  return params['qos'] === 2 ? 'PUBCOMP' : undefined;
}

/** The acknowledgement that completed a call's request, as it was sent. */
export function findLastAck(call: CallRecord): EventOf<'frame'> | undefined {
  const type = lastAckType(call);
  return call.acks.find(({ packet }) => packet.type === type);
}
