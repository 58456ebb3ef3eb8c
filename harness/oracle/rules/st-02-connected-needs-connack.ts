import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Connected is who was sent CONNACK 0 and has not said DISCONNECT since. [manual 3.3.7] */
export const connectedNeedsConnack = rule({
  id: 'ST-02',
  clause: 'M-14.is-connected',
  says: 'is_connected is 1 only after CONNACK 0 on the present connection, and not after DISCONNECT or FIN',
  on: ['ret is_connected'],
  step(_, { event, call, slot }, { epsilonMs }) {
    const connection = slot?.connect?.connection;
    if (event.ret !== 1 || connection === undefined || call?.begin === undefined) return undecided();
    // What the broker sends is in the timeline before the module can have it.
    if (!isAccepted(connection)) {
      return breach('is_connected returned 1 before a CONNACK 0 was sent', [connection.opened.n, event.n]);
    }
    const farewell = connection.disconnect ?? connection.fin;
    const isOver = farewell !== undefined && farewell.at < call.begin.at - epsilonMs;
    return isOver
      ? breach('is_connected returned 1 after the module had taken its leave', [farewell.n, event.n])
      : kept();
  },
});

function isAccepted({ connack }: ConnectionRecord): boolean {
  const packet: EventOf<'frame'>['packet'] | undefined = connack?.packet;
  return packet?.type === 'CONNACK' && packet.returnCode === 0;
}
