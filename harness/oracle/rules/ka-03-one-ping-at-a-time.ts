import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Ping {
  readonly n: number;
  readonly at: number;
}

/** Who asks twice before there was time to answer asks too much. [MQTT 3.1.1, 3.1.2.10] */
export const onePingAtATime = rule<Ping, 'frame up PINGREQ' | 'frame down PINGRESP' | 'tcp-close'>({
  id: 'KA-03',
  clause: 'K-1.one-ping',
  says: 'no second PINGREQ is sent while one is unanswered and its answer may still come',
  on: ['frame up PINGREQ', 'frame down PINGRESP', 'tcp-close'],
  key: ({ event }) => event.conn,
  step(ping, { event }, { deadlines }) {
    if (event.k === 'tcp-close') return undecided();
    if (event.packet.type === 'PINGRESP') {
      if (event.held === true) return undecided(ping);
      return ping === undefined ? undecided() : kept();
    }
    const next = { n: event.n, at: event.at };
    if (ping === undefined || event.at - ping.at >= deadlines.pingMs) return undecided(next);
    return breach('PINGREQ while one is unanswered', [ping.n, event.n], next);
  },
});
