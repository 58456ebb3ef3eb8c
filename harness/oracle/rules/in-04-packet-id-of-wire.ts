import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** pkt_id is the packet id of the PUBLISH. At QoS 0 there is none, and what comes is noted. [manual 3.3.6.1] */
export const packetIdOfWire = rule({
  id: 'IN-04',
  clause: 'M-13.packet-id',
  also: ['D-11'],
  says: 'pkt_id of an incoming callback at QoS 1 and 2 is the packet id of the PUBLISH',
  on: ['enter inpub'],
  step(_, { event, inbound }) {
    const packet = inbound?.frame.packet;
    if (packet?.type !== 'PUBLISH') return undecided();
    if (packet.packetId === null)
      return { observations: [{ clause: 'D-11', name: 'pkt_id at QoS 0', value: event.pktId }] };
    if (event.pktId === packet.packetId) return kept();
    return breach(`incoming callback with pkt_id ${event.pktId} for packet id ${packet.packetId}`, [
      inbound?.frame.n,
      event.n,
    ]);
  },
});
