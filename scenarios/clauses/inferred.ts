import type { Clauses } from './clause.ts';

/** What good sense, the later headers or the vendor's example make of the manual. A breach is a deviation, no failure. */
export const inferred = {
  'M-1.handle-untouched': {
    source: 'manual 3.3.1',
    says: 'a ql_mqtt_client_init that fails hands out no handle',
    kind: 'inferred',
  },
  'M-1.clients-apart': {
    source: 'manual 3.3.1',
    says: 'clients work apart: what one does changes nothing for another',
    kind: 'inferred',
    reason: 'each client has a handle and resources of its own; how many work side by side is not said (D-16)',
  },
  'M-2.error-is-final': {
    source: 'manual 3.3.1.1',
    says: 'a call that returned an error is over: no callback follows',
    kind: 'inferred',
    reason: 'only -2 announces a notification',
  },
  'M-2.return-before-callback': {
    source: 'manual 3.3.1.1, 3.3.2.1',
    says: 'a callback is not made from inside the function that asks for it',
    kind: 'inferred',
    reason: 'the kernel makes it, and -2 is what announces it; a task of its own may preempt the caller',
  },
  'M-2.error-has-no-effect': {
    source: 'manual 3.3.1.1',
    says: 'a call that returned an error sends nothing',
    kind: 'inferred',
  },
  'M-2.wouldblock-has-callback': {
    source: 'manual 3.3.1.1',
    says: 'only functions that take a callback return -2',
    kind: 'inferred',
  },
  'M-2.returns-promptly': {
    source: 'manual 3.3.1.1',
    says: 'a function returns soon; what takes long is what -2 is for',
    kind: 'inferred',
  },
  'M-3.second-connect': {
    source: 'MQTT-3.1.0-2; manual 3.3.2',
    says: 'a connect on a client that is connecting or connected is refused and opens no second connection',
    kind: 'inferred',
  },
  'M-3.no-reconnect': {
    source: 'manual 2, 3.3.2.3',
    says: 'no connection is opened without a connect call',
    kind: 'inferred',
    reason: 'the manual gives the application the exception callback and no word of reconnecting (D-14)',
  },
  'M-4.no-nesting': {
    source: 'manual 3.3.2.1',
    says: 'callbacks of one client neither nest nor overlap',
    kind: 'inferred',
  },
  'M-4.one-task': {
    source: 'manual 3.3.2.1',
    says: 'all callbacks come from one task, which is not the caller’s',
    kind: 'inferred',
    reason: 'the manual has them called by the kernel',
  },
  'M-4.null-callback': {
    source: 'manual 3.3.2, 3.3.3, 3.3.4, 3.3.5',
    says: 'a call with NULL for a callback does its work in silence, or is refused as an invalid parameter',
    kind: 'inferred',
    reason: 'the manual does not say that a callback must be given (D-12)',
  },
  'M-4.connect-is-final': {
    source: 'manual 3.3.2.1',
    says: 'the connection callback does not come again when the connection is lost later',
    kind: 'inferred',
  },
  'M-4.api-in-callback': {
    source: 'manual 3.3.2.1',
    says: 'a function called inside a callback returns',
    kind: 'inferred',
  },
  'M-6.one-ending': {
    source: 'manual 3.3.2.3, 3.3.5',
    says: 'a session has one ending: disconnect, exception or deinit',
    kind: 'inferred',
  },
  'M-6.fails-requests': {
    source: 'manual 3.3.1.1, 3.3.3.1',
    says: 'requests that are open when the session ends are called back with an error',
    kind: 'inferred',
    reason: 'without it an application that waits, as the vendor’s example does, waits for ever (D-15)',
  },
  'M-9.one-transmission': {
    source: 'manual 3.3.3',
    says: 'a publish that was accepted sends its PUBLISH once, or is called back with an error',
    kind: 'inferred',
  },
  'M-10.calls-apart': {
    source: 'manual 3.3.3, 3.3.4',
    says: 'requests about different topics work apart: their order is the order of their packets and no more',
    kind: 'inferred',
  },
  'M-10.err-values': {
    source: 'manual 3.3.3.1, 3.3.5.1',
    says: 'err is a listed connection status or error code',
    kind: 'inferred',
    reason: 'the manual refers to the statuses, its type fits the error codes (D-3)',
  },
  'M-10.ack-of-its-kind': {
    source: 'MQTT 3.1.1, 4.3',
    says: 'a request is completed by the acknowledgement of its own type and packet id only',
    kind: 'inferred',
  },
  'M-10.late-ack': {
    source: 'manual 3.3.3.1',
    says: 'an acknowledgement after the time-out completes nothing',
    kind: 'inferred',
  },
  'M-10.ack-order': {
    source: 'manual 3.3.3.1',
    says: 'requests of one QoS are called back in the order of their acknowledgements',
    kind: 'inferred',
  },
  'M-10.resend-ends': {
    source: 'ql_mqttclient.h, retry_times',
    says: 'a packet is sent again no more often than retry_times and not after its acknowledgement',
    kind: 'inferred',
    needs: 'pkt-timeout',
  },
  'M-12.connection-closes': {
    source: 'manual 3.3.5, 3.3.8',
    says: 'a client has one connection at most, and the module closes it soon after the session has ended',
    kind: 'inferred',
  },
  'M-13.order': {
    source: 'MQTT 3.1.1, 4.6',
    says: 'messages are brought in the order in which they were sent',
    kind: 'inferred',
  },
  'M-13.lifetime': {
    source: 'manual 3.3.6.1',
    says: 'topic and payload are there, unchanged, until the incoming callback has returned',
    kind: 'inferred',
    reason: 'how long the pointers live is not said (D-11); shorter than the callback they would be of no use',
  },
  'M-13.whole': {
    source: 'manual 3.3.6.1',
    says: 'a message that is too long is not brought in part',
    kind: 'inferred',
  },
  'M-13.within-session': {
    source: 'manual 3.3.6.1',
    says: 'messages are brought between the start of a session and its end',
    kind: 'inferred',
  },
  'M-13.replaced': {
    source: 'manual 3.3.6',
    says: 'once ql_mqtt_set_inpub_callback has returned, the callback and arg of before are not used any more',
    kind: 'inferred',
  },
  'M-15.no-callback-after-deinit': {
    source: 'manual 3.3.8',
    says: 'a client that was released is not heard of again',
    kind: 'inferred',
  },
  'M-15.repeatable': {
    source: 'manual 3.3.8',
    says: 'what a client did once another can do again in the same way, at no cost that stays',
    kind: 'inferred',
  },
  'M-15.stale-handle': {
    source: 'manual 3.3.8',
    says: 'a handle that was released, or never given out, is refused and touches no other client',
    kind: 'inferred',
  },
  'M-17.reconnect': {
    source: 'manual 2',
    says: 'a client whose session has ended can connect again',
    kind: 'inferred',
  },
  'M-17.heap': {
    source: 'manual 3.3.8',
    says: 'what a client took from the heap comes back',
    kind: 'inferred',
  },
  'M-17.recovers': {
    source: 'manual 2',
    says: 'whatever became of earlier connections, a new client connects, subscribes and publishes',
    kind: 'inferred',
  },
  'K-1.one-ping': {
    source: 'MQTT 3.1.1, 3.1.2.10',
    says: 'no second PINGREQ is sent while one is unanswered',
    kind: 'inferred',
  },
} as const satisfies Clauses;
