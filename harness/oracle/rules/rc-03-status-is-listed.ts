import { findStatusName } from '../../protocol/codes.ts';
import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

/** A connection callback carries a status of mqtt_connection_status_e. [manual 3.3.2.4] */
export const statusIsListed = rule({
  id: 'RC-03',
  clause: 'M-7.status-values',
  says: 'the status of a connection callback is 0 to 5 or 254 to 257',
  on: ['enter connect'],
  step(_, { event }) {
    if (findStatusName(event.status) !== undefined) return kept();
    return breach(`connection callback with status ${event.status}, which the manual does not list`, [event.n]);
  },
});
