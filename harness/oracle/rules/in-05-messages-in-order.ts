import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Brought {
  readonly frame: number;
  readonly callback: number;
}

/** Messages of one QoS are brought in the order of the wire; at QoS 2 the PUBREL may decide. [MQTT 3.1.1, 4.6] */
export const messagesInOrder = rule<Brought, 'enter inpub'>({
  id: 'IN-05',
  clause: 'M-13.order',
  says: 'incoming callbacks of QoS 0 and of QoS 1 come in the order of their PUBLISHes',
  on: ['enter inpub'],
  key: ({ inbound }) => {
    const packet = inbound?.frame.packet;
    if (inbound === undefined || packet?.type !== 'PUBLISH' || packet.qos > 1) return undefined;
    return 2 * inbound.slot + packet.qos;
  },
  step(last, { event, inbound }) {
    if (inbound === undefined || inbound.deliveries.length > 1) return undecided(last);
    const next = { frame: inbound.frame.n, callback: event.n };
    if (last === undefined) return undecided(next);
    if (last.frame < next.frame) return kept(next);
    return breach(
      'messages were brought in another order than they were sent',
      [next.frame, last.frame, last.callback, event.n],
      next,
    );
  },
});
