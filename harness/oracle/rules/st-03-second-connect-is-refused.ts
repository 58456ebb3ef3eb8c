import { isRefusal } from '../is-refusal.ts';
import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

/** A client connects once at a time. [MQTT-3.1.0-2; manual 3.3.2] */
export const secondConnectIsRefused = rule({
  id: 'ST-03',
  clause: 'M-3.second-connect',
  says: 'a connect on a client that is connecting or connected is refused',
  on: ['ret'],
  key({ event, call, before }) {
    const isBusy = before === 'connecting' || before === 'connected';
    // Its own callback may have come before its return.
    const isOther = call !== undefined && call.callbacks.length === 0 && call.stateAtBegin === before;
    return event.fn === 'connect' && isBusy && isOther ? '' : undefined;
  },
  step(_, { event: { ret, n }, call }) {
    if (isRefusal(ret)) return kept();
    return breach(`connect returned ${ret} on a client that is ${call?.stateAtBegin ?? 'busy'}`, [call?.begin?.n, n]);
  },
});
