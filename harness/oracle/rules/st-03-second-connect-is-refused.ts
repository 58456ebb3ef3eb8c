import { isRefusal } from '../is-refusal.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Number of the event that ended the connection of the slot's session, whether or not anybody was told. */
type Lost = number;

/** A client connects once at a time. [MQTT-3.1.0-2; manual 3.3.2] */
export const secondConnectIsRefused = rule<Lost, 'ret connect' | 'enter connect' | 'fin' | 'tcp-close'>({
  id: 'ST-03',
  clause: 'M-3.second-connect',
  says: 'a connect on a client that is connecting or connected is refused',
  on: ['ret connect', 'enter connect', 'fin', 'tcp-close'],
  key: ({ slot }) => slot?.slot,
  step(lost, { event, call, connection, slot, before }) {
    if (event.k === 'fin' || event.k === 'tcp-close') {
      const isOfSession =
        connection?.connectCall !== undefined && connection.connectCall.token === slot?.connect?.token;
      return undecided(isOfSession ? event.n : lost);
    }
    const isBusy = before === 'connecting' || before === 'connected';
    if (event.k === 'enter') return undecided();
    // Its own callback may have come before its return.
    const isOther = call !== undefined && call.callbacks.length === 0 && call.stateAtBegin === before;
    if (!isBusy || !isOther) return undecided(lost);
    // Without an exception callback nobody is told that a session is over, and a client may connect again.
    if (lost !== undefined) return undecided(isRefusal(event.ret) ? lost : undefined);
    if (isRefusal(event.ret)) return kept();
    return breach(`connect returned ${event.ret} on a client that is ${call.stateAtBegin ?? 'busy'}`, [
      call.begin?.n,
      event.n,
    ]);
  },
});
