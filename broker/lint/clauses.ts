import { FRAME_CHECKS } from './lint-frame.ts';

/** Duties that only a sequence of frames shows: `connection-lint.ts` and `session-ledger.ts`. */
export const SEQUENCE_CLAUSES: Readonly<Record<string, string>> = {
  'MQTT-2.3.1-2': 'a new packet takes a packet id that is not in use',
  'MQTT-2.3.1-3': 'a packet that is sent again under its id is the same packet',
  'MQTT-2.3.1-6': 'PUBACK and PUBREC answer a PUBLISH of their packet id',
  'MQTT-3.1.0-1': 'the first packet is CONNECT',
  'MQTT-3.1.0-2': 'a connection has one CONNECT',
  'MQTT-3.1.2-6': 'nothing of a session that a clean CONNECT discarded is sent',
  'MQTT-3.3.1-1': 'a PUBLISH that is sent again has DUP 1',
  'MQTT-3.3.4-1': 'QoS 1 is answered by PUBACK, QoS 2 by PUBREC',
  'MQTT-3.14.4-2': 'nothing is sent after DISCONNECT',
  'MQTT-4.3.2-1': 'the first PUBLISH of a QoS 1 delivery has DUP 0',
  'MQTT-4.3.3-1': 'a QoS 2 delivery is PUBLISH with DUP 0, then PUBREL after PUBREC, and no PUBLISH after that',
  'MQTT-4.3.3-2': 'PUBCOMP answers a PUBREL of its packet id',
  'MQTT-4.6.0-2': 'PUBACKs come in the order of the PUBLISHes',
  'MQTT-4.6.0-3': 'PUBRECs come in the order of the PUBLISHes',
  'MQTT-4.6.0-4': 'PUBRELs come in the order of the PUBRECs',
};

/** Duties whose breach makes a frame unreadable; the decoder names them. */
export const MALFORMED_CLAUSES: Readonly<Record<string, string>> = {
  'MQTT-2.2.1': 'packet types 0 and 15 are reserved',
  'MQTT-2.2.3': 'the remaining length is that of the fields',
  'MQTT-2.3.1-1': 'there is a packet id where the packet type asks for one',
  'MQTT-3.1.2-1': 'there is a protocol name',
  'MQTT-3.1.2-2': 'there is a protocol level, and it is readable by 3.1.1',
  'MQTT-3.1.2-9': 'with a will flag there are will topic and will message',
  'MQTT-3.1.2-19': 'with a user name flag there is a user name',
  'MQTT-3.1.2-21': 'with a password flag there is a password',
  'MQTT-3.1.3-3': 'the payload of CONNECT begins with the client id',
  'MQTT-3.3.2-1': 'the topic name comes first',
  'MQTT-3.8.3-1': 'a filter of SUBSCRIBE is a whole string',
  'MQTT-3.8.3-3': 'each filter of SUBSCRIBE has a QoS',
  'MQTT-3.10.3-1': 'a filter of UNSUBSCRIBE is a whole string',
};

/** Duties that bind a client and that no frame, and no sequence of frames, shows by itself; the reason, and who looks. */
export const NOT_SHOWN_BY_FRAMES: Readonly<Record<string, string>> = {
  'MQTT-2.3.1-5': 'an id in a QoS 0 PUBLISH reads as payload: the payload is compared with the call',
  'MQTT-3.1.2-18':
    'a user name without its flag reads as what follows it, or as bytes after the last field (MQTT-2.2.3)',
  'MQTT-3.1.2-20': 'a password without its flag reads as bytes after the last field (MQTT-2.2.3)',
  'MQTT-3.1.2-23': 'the gap between packets is a matter of time: the rule on keep-alive',
  'MQTT-3.1.3-1': 'strings in a wrong order are strings: they are compared with the call',
  'MQTT-3.14.4-1': 'closing is no frame: the events of the connection show it',
  'MQTT-4.7.3-3': 'a length field of two bytes can say no more than 65,535',
};

/** Every clause that the linter can find broken. */
export function lintClauses(): ReadonlySet<string> {
  return new Set([
    ...FRAME_CHECKS.map(({ clause }) => clause),
    ...Object.keys(SEQUENCE_CLAUSES),
    ...Object.keys(MALFORMED_CLAUSES),
  ]);
}
