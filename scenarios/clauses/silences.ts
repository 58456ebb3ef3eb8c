import type { Clauses } from './clause.ts';

/**
 * Where the manual is silent or contradicts itself, with our reading and why it is ours. What the module does is recorded per SKU and
 * firmware; docs/manual-notes.md is made from it, for the vendor.
 */
export const silences = {
  'D-1': {
    source: 'manual 3.3.2',
    says: 'which URL schemes there are, and what selects TLS: the scheme, ssl_cfg or both',
    kind: 'characterised',
    reason:
      'the prefix is given as mqtt:// or mqtt://; by the examples on 8306 and 8307, and the later headers, the second is mqtts://. What selects TLS where scheme and ssl_cfg disagree is only recorded; that nothing goes out in clear for mqtts:// is held',
  },
  'D-2': {
    source: 'manual 2',
    says: 'a function ql_mqtt_unsub is named that does not exist: ql_mqtt_sub_unsub does both',
    kind: 'characterised',
    reason: 'read as ql_mqtt_sub_unsub, which chapter 3 describes and the header declares',
    uncited: 'a slip of the pen: there is nothing to observe',
  },
  'D-3': {
    source: 'manual 3.3.3.1, 3.3.5.1',
    says: 'whether err of the request and disconnect callbacks is a connection status or an error code',
    kind: 'characterised',
    reason:
      'the text refers to the connection statuses of 3.3.2.4, the type int fits the error codes of 3.3.1.1: either is taken, 0 is success in both, and which one a firmware uses is recorded',
  },
  'D-4': {
    source: 'manual 3.3.5.1',
    says: 'the disconnect callback’s arg is said to come from ql_mqtt_connect’s section',
    kind: 'characterised',
    reason:
      'read as the arg of ql_mqtt_disconnect: the section’s own sentence names that function, and 3.3.2 is copied from the connection callback',
    uncited: 'read as M-4.arg',
  },
  'D-5': {
    source: 'manual 3.3.2.4',
    says: 'the listing of the statuses is garbled; the numbers are legible',
    kind: 'characterised',
    reason:
      'read as the ten numbers of the table beside it, which agree with MQTT’s return codes and with the later headers',
    uncited: 'nothing to observe',
  },
  'D-6': {
    source: 'manual 3.3.2.2',
    says: 'the listing of the client information names client_id twice',
    kind: 'characterised',
    reason:
      'read as one field: the table beside it has it once. The layout that counts is the SDK’s, which the shim reports',
    uncited: 'the layout that the SDK compiles to is in the shim’s hello',
  },
  'D-7': {
    source: 'manual 3',
    says: 'how long topic, client id, user, password, will and payload may be, how many clients there are and how many requests in flight',
    kind: 'characterised',
    reason:
      'no limit is asserted: what fits and what is refused is recorded. Held is only that a refusal is an error code and leaves nothing on the wire, and that nothing is cut short in silence',
  },
  'D-8': {
    source: 'manual 3',
    says: 'how long TCP connect, CONNACK, a request and PINGRESP are waited for, and how often a packet is sent again',
    kind: 'characterised',
    tolerance: 0.25,
    reason:
      'no time is asserted: the deadlines in force are the bench’s, far beyond any sensible wait, and the times are measured',
  },
  'D-9': {
    source: 'manual 1',
    says: 'which version of MQTT is spoken',
    kind: 'characterised',
    reason: 'the SDK’s only return codes and options are those of 3.1.1',
    uncited: 'what CONNECT says on the wire is judged under MQTT-3.1.2-1 and MQTT-3.1.2-2',
  },
  'D-10': {
    source: 'manual 3.3.2.5',
    says: 'what the values of verify_level mean',
    kind: 'characterised',
    reason: 'by the headers: 0 nobody, 1 the server, 2 server and client',
  },
  'D-11': {
    source: 'manual 3.3.6.1',
    says: 'how topic ends, how long the pointers live, what pkt_id and payload are at QoS 0 and for an empty message',
    kind: 'characterised',
    reason:
      'pointers are held to outlive their callback (M-13.lifetime); pkt_id at QoS 0 and the pointer of an empty message are recorded',
  },
  'D-12': {
    source: 'manual 3',
    says: 'which task callbacks run on, with how much stack, whether the API may be called inside one, and what NULL for a callback does',
    kind: 'characterised',
    reason:
      'callbacks are held to come from one task, one after the other, and calls inside them to return: deviations, no failures, since nobody promised it. What NULL for a callback does is recorded',
  },
  'D-13': {
    source: 'manual 3.3.2.1, 3.3.2.3',
    says: 'whether a loss also calls the connection callback with 256',
    kind: 'characterised',
    reason:
      'the connection callback is held to answer its own call only (M-4.connect-is-final): the manual gives losses a callback of their own; what a firmware does is recorded too',
  },
  'D-14': {
    source: 'manual 2',
    says: 'whether the module reconnects by itself',
    kind: 'characterised',
    reason:
      'none is expected: the exception callback would be of little use to an application whose module reconnects by itself',
  },
  'D-15': {
    source: 'manual 3.3.3.1',
    says: 'what becomes of open requests at disconnect, exception and deinit, and with which err',
    kind: 'characterised',
    reason:
      'each is held to be called back with an error (M-6.fails-requests), a deviation if not: an application that waits as the vendor’s example does would wait for ever. Which err, and in which order, is recorded',
  },
  'D-16': {
    source: 'manual 3',
    says: 'whether several clients work side by side',
    kind: 'characterised',
    reason:
      'nothing forbids it and each client has its handle: clients are held to leave each other alone (M-1.clients-apart); how many there may be is recorded',
  },
  'D-17': {
    source: 'manual 3',
    says: 'what a second init, connect, disconnect or deinit returns',
    kind: 'characterised',
    reason:
      'what they return is recorded; a second connect is held to be refused (M-3.second-connect), since MQTT allows one CONNECT a connection',
  },
  'D-18': {
    source: 'manual 3.3.3',
    says: 'retain 0 is said to delete the message after publishing, which MQTT puts differently',
    kind: 'characterised',
    reason:
      'read as MQTT’s RETAIN 0: the server sends the message to whoever is subscribed and keeps nothing. The values beyond 1 are recorded',
  },
  'D-19': {
    source: 'manual 3.3.4',
    says: 'what qos means when unsubscribing',
    kind: 'characterised',
    reason: 'read as without meaning: UNSUBSCRIBE carries no QoS',
  },
  'D-20': {
    source: 'manual 3.3.2.2',
    says: 'whether strings and structs are copied at the call or must outlive it',
    kind: 'characterised',
    reason: 'a copy at the call is what an application would hope for; nothing is asserted, what happens is recorded',
  },
  'D-21': {
    source: 'manual 3.3.2.2, 3.3.2.5',
    says: 'which fields the structs have: later headers have more',
    kind: 'characterised',
    reason:
      'the layout of the SDK that the shim is compiled against counts, and is reported; fields that it lacks are never set',
  },
  'D-22': {
    source: 'manual 3.3.1.1',
    says: 'what 0 from connect, publish, subscribe or disconnect means, and whether the callback still comes',
    kind: 'characterised',
    reason: 'read as done: no callback is owed after 0, and one that comes is recorded',
  },
  'D-23': {
    source: 'manual 3.3.1',
    says: 'which values a handle takes',
    kind: 'characterised',
    reason: 'any value is taken, as long as two clients that live have two of them',
  },
  'D-24': {
    source: 'MQTT 3.1.1, 4.8',
    says: 'what the module does about a packet that no server has reason to send and that it may pass over or close for',
    kind: 'characterised',
    reason: 'closing and passing over both keep MQTT; which one is recorded',
  },
  'D-25': {
    source: 'manual 3',
    says: 'how long a call takes until it returns and until its callback, and a message until it is brought',
    kind: 'characterised',
    reason:
      'no time is asserted beyond the deadlines in force: what each takes is measured, and compared between firmwares',
  },
  'D-26': {
    source: 'RFC 9293 3.6, RFC 5246 7.2.1',
    says: 'whether the module ends a connection by FIN or by RST, and a TLS session with close_notify or without',
    kind: 'characterised',
    reason:
      'TCP lets a host abort, and a server gets along without close_notify: which it is, is recorded. Held is that DISCONNECT arrives before the end, which an RST can overtake',
  },
  'D-27': {
    source: 'manual 3',
    says: 'how much of the processor the client takes',
    kind: 'characterised',
    reason:
      'no share is asserted: whether a session that waits keeps the processor busy is recorded, since it is what keeps a module from sleeping',
    needs: 'cpu-use',
  },
} as const satisfies Clauses;
