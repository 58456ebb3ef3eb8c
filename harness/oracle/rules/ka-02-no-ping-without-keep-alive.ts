import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Keep-alive 0 turns the mechanism off. [MQTT 3.1.1, 3.1.2.10] */
export const noPingWithoutKeepAlive = rule<true, 'frame up CONNECT' | 'frame up PINGREQ' | 'tcp-close'>({
  id: 'KA-02',
  clause: 'MQTT-3.1.2.10',
  says: 'with keep-alive 0 no PINGREQ is sent',
  on: ['frame up CONNECT', 'frame up PINGREQ', 'tcp-close'],
  key: ({ event, connection }) => {
    const packet = connection?.connect?.packet;
    if (packet?.type !== 'CONNECT' || packet.keepAliveS > 0) return undefined;
    return event.conn;
  },
  step(isOpen, { event, connection }) {
    if (event.k === 'tcp-close') return isOpen === true ? kept() : undecided();
    if (event.packet.type !== 'PINGREQ') return { state: true };
    return breach('PINGREQ with a keep-alive of 0', [connection?.connect?.n, event.n], true);
  },
  end: () => kept(),
});
