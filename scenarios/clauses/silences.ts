import type { Clauses } from './clause.ts';

/** Where the manual is silent or contradicts itself: what the module does is recorded per SKU and firmware, never asserted. */
export const silences = {
  'D-1': {
    source: 'manual 3.3.2',
    says: 'which URL schemes there are, and what selects TLS: the scheme, ssl_cfg or both',
    kind: 'characterised',
    reason: 'the prefix is given as mqtt:// or mqtt://; by the examples the second is mqtts://',
  },
  'D-2': {
    source: 'manual 2',
    says: 'a function ql_mqtt_unsub is named that does not exist: ql_mqtt_sub_unsub does both',
    kind: 'characterised',
    uncited: 'a slip of the pen: there is nothing to observe',
  },
  'D-3': {
    source: 'manual 3.3.3.1, 3.3.5.1',
    says: 'whether err of the request and disconnect callbacks is a connection status or an error code',
    kind: 'characterised',
  },
  'D-4': {
    source: 'manual 3.3.5.1',
    says: 'the disconnect callback’s arg is said to come from ql_mqtt_connect’s section',
    kind: 'characterised',
    uncited: 'read as M-4.arg',
  },
  'D-5': {
    source: 'manual 3.3.2.4',
    says: 'the listing of the statuses is garbled; the numbers are legible',
    kind: 'characterised',
    uncited: 'nothing to observe',
  },
  'D-6': {
    source: 'manual 3.3.2.2',
    says: 'the listing of the client information names client_id twice',
    kind: 'characterised',
    uncited: 'the layout that the SDK compiles to is in the shim’s hello',
  },
  'D-7': {
    source: 'manual 3',
    says: 'how long topic, client id, user, password, will and payload may be, how many clients there are and how many requests in flight',
    kind: 'characterised',
  },
  'D-8': {
    source: 'manual 3',
    says: 'how long TCP connect, CONNACK, a request and PINGRESP are waited for, and how often a packet is sent again',
    kind: 'characterised',
    tolerance: 0.25,
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
  },
  'D-12': {
    source: 'manual 3',
    says: 'which task callbacks run on, with how much stack, whether the API may be called inside one, and what NULL for a callback does',
    kind: 'characterised',
  },
  'D-13': {
    source: 'manual 3.3.2.1, 3.3.2.3',
    says: 'whether a loss also calls the connection callback with 256',
    kind: 'characterised',
  },
  'D-14': {
    source: 'manual 2',
    says: 'whether the module reconnects by itself',
    kind: 'characterised',
  },
  'D-15': {
    source: 'manual 3.3.3.1',
    says: 'what becomes of open requests at disconnect, exception and deinit, and with which err',
    kind: 'characterised',
  },
  'D-16': {
    source: 'manual 3',
    says: 'whether several clients work side by side',
    kind: 'characterised',
  },
  'D-17': {
    source: 'manual 3',
    says: 'what a second init, connect, disconnect or deinit returns',
    kind: 'characterised',
  },
  'D-18': {
    source: 'manual 3.3.3',
    says: 'retain 0 is said to delete the message after publishing, which MQTT puts differently',
    kind: 'characterised',
  },
  'D-19': {
    source: 'manual 3.3.4',
    says: 'what qos means when unsubscribing',
    kind: 'characterised',
  },
  'D-20': {
    source: 'manual 3.3.2.2',
    says: 'whether strings and structs are copied at the call or must outlive it',
    kind: 'characterised',
  },
  'D-21': {
    source: 'manual 3.3.2.2, 3.3.2.5',
    says: 'which fields the structs have: later headers have more',
    kind: 'characterised',
  },
  'D-22': {
    source: 'manual 3.3.1.1',
    says: 'what 0 from connect, publish, subscribe or disconnect means, and whether the callback still comes',
    kind: 'characterised',
  },
  'D-23': {
    source: 'manual 3.3.1',
    says: 'which values a handle takes',
    kind: 'characterised',
  },
  'D-24': {
    source: 'MQTT 3.1.1, 4.8',
    says: 'what the module does about a packet that no server has reason to send and that it may pass over or close for',
    kind: 'characterised',
  },
  'D-25': {
    source: 'manual 3',
    says: 'how long a call takes until it returns and until its callback, and a message until it is brought',
    kind: 'characterised',
  },
} as const satisfies Clauses;
