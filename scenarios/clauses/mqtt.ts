import type { Clauses, Reach } from './clause.ts';

const SOURCE = 'MQTT 3.1.1';

function must(
  says: string,
  more: { readonly reason?: string; readonly uncited?: string; readonly reach?: Reach } = {},
) {
  return { source: SOURCE, says, kind: 'specified', ...more } as const;
}

/** The numbered statements of MQTT 3.1.1 that bind a client; those phrased for the server bind through 7.1.2. */
export const mqtt = {
  'MQTT-1.5.3-1': must(
    'strings are well-formed UTF-8 without surrogates; a received one that is not ends the connection',
  ),
  'MQTT-1.5.3-2': must('strings hold no U+0000; a received one that does ends the connection'),
  'MQTT-1.5.3-3': must('EF BB BF in a string is U+FEFF and is kept'),
  'MQTT-2.2.2-1': must('reserved flags of the fixed header have their listed values'),
  'MQTT-2.2.2-2': must('received flags that are not valid end the connection'),
  'MQTT-2.3.1-1': must('SUBSCRIBE, UNSUBSCRIBE and PUBLISH above QoS 0 carry a packet id that is not 0'),
  'MQTT-2.3.1-2': must('a new packet takes a packet id that is not in use'),
  'MQTT-2.3.1-3': must('a packet sent again keeps its packet id, which is free after the last acknowledgement only'),
  'MQTT-2.3.1-5': must('a PUBLISH at QoS 0 carries no packet id'),
  'MQTT-2.3.1-6': must('PUBACK, PUBREC and PUBREL carry the packet id of their PUBLISH'),
  'MQTT-3.1.0-1': must('the first packet on a connection is CONNECT'),
  'MQTT-3.1.0-2': must('a connection carries one CONNECT'),
  'MQTT-3.1.2-1': must('the protocol name is MQTT'),
  'MQTT-3.1.2-2': must('the protocol level is 4'),
  'MQTT-3.1.2-3': must('the reserved flag of CONNECT is 0'),
  'MQTT-3.1.2-4': must('with clean session 0 the client keeps its session across connections'),
  'MQTT-3.1.2-6': must('with clean session 1 nothing of an earlier session is used'),
  'MQTT-3.1.2-9': must('a will flag of 1 comes with a will topic and a will message'),
  'MQTT-3.1.2-11': must('a will flag of 0 comes with will QoS 0, will retain 0 and no will'),
  'MQTT-3.1.2-13': must('without a will the will QoS is 0'),
  'MQTT-3.1.2-14': must('the will QoS is never 3'),
  'MQTT-3.1.2-15': must('without a will the will retain flag is 0'),
  'MQTT-3.1.2-18': must('a user name flag of 0 comes without a user name'),
  'MQTT-3.1.2-19': must('a user name flag of 1 comes with a user name'),
  'MQTT-3.1.2-20': must('a password flag of 0 comes without a password'),
  'MQTT-3.1.2-21': must('a password flag of 1 comes with a password'),
  'MQTT-3.1.2-22': must('there is no password without a user name'),
  'MQTT-3.1.2-23': must('packets follow each other within the keep-alive, else a PINGREQ is sent'),
  'MQTT-3.1.3-1': must(
    'the payload of CONNECT is client id, will topic, will message, user name, password in this order',
  ),
  'MQTT-3.1.3-2': must('the client id names the session that both sides keep', {
    uncited: 'the client id is compared with the call, and the session it names is QC-10’s',
  }),
  'MQTT-3.1.3-3': must('the client id is there and comes first'),
  'MQTT-3.1.3-4': must('the client id is UTF-8'),
  'MQTT-3.1.3-7': must('an empty client id goes with clean session 1 only'),
  'MQTT-3.1.3-10': must('the will topic is UTF-8'),
  'MQTT-3.1.3-11': must('the user name is UTF-8'),
  'MQTT-3.3.1-1': must('a PUBLISH that is sent again has DUP set'),
  'MQTT-3.3.1-2': must('a PUBLISH at QoS 0 has DUP 0'),
  'MQTT-3.3.1-4': must('no PUBLISH has QoS 3; a received one that does ends the connection'),
  'MQTT-3.3.2-1': must('the topic name comes first in PUBLISH and is UTF-8'),
  'MQTT-3.3.2-2': must('a topic name holds no wildcards'),
  'MQTT-3.3.4-1': must('a received PUBLISH is answered by its QoS: nothing, PUBACK, PUBREC'),
  'MQTT-3.6.1-1': must('PUBREL has the flags 0010'),
  'MQTT-3.8.1-1': must('SUBSCRIBE has the flags 0010'),
  'MQTT-3.8.3-1': must('topic filters of SUBSCRIBE are UTF-8'),
  'MQTT-3.8.3-3': must('SUBSCRIBE carries at least one filter with its QoS'),
  'MQTT-3.8.3-4': must('the reserved bits beside the QoS of a filter are 0, and the QoS is 0, 1 or 2'),
  'MQTT-3.10.1-1': must('UNSUBSCRIBE has the flags 0010'),
  'MQTT-3.10.3-1': must('topic filters of UNSUBSCRIBE are UTF-8'),
  'MQTT-3.10.3-2': must('UNSUBSCRIBE carries at least one filter'),
  'MQTT-3.14.1-1': must('DISCONNECT has the flags 0000'),
  'MQTT-3.14.4-1': must('after DISCONNECT the client closes the connection'),
  'MQTT-3.14.4-2': must('after DISCONNECT the client sends nothing more'),
  'MQTT-4.1.0-1': must('the state of a session is kept for as long as the session lasts'),
  'MQTT-4.1.0-2': must('a session lasts at least as long as its connection', {
    uncited: 'a session that ended before its connection shows as one of QC-10’s breaches',
  }),
  'MQTT-4.3.1-1': must('a PUBLISH at QoS 0 is sent with QoS 0 and DUP 0'),
  'MQTT-4.3.2-1': must(
    'a sender at QoS 1 takes a free id, sends with DUP 0 and holds the message unacknowledged until PUBACK',
  ),
  'MQTT-4.3.2-2': must('a receiver at QoS 1 answers PUBACK, after which the same id is a new message'),
  'MQTT-4.3.3-1': must(
    'a sender at QoS 2 answers PUBREC with PUBREL, never sends the PUBLISH again after it and waits for PUBCOMP',
  ),
  'MQTT-4.3.3-2': must(
    'a receiver at QoS 2 answers PUBREC, brings the message once until PUBREL, and answers that with PUBCOMP',
  ),
  'MQTT-4.4.0-1': must(
    'on a session that goes on, unacknowledged PUBLISH and PUBREL packets are sent again with their ids',
  ),
  'MQTT-4.5.0-2': must('every received PUBLISH is acknowledged, whether the application takes it or not'),
  'MQTT-4.6.0-1': must('packets are sent again in their first order'),
  'MQTT-4.6.0-2': must('PUBACKs follow the order of their PUBLISHes'),
  'MQTT-4.6.0-3': must('PUBRECs follow the order of their PUBLISHes'),
  'MQTT-4.6.0-4': must('PUBRELs follow the order of their PUBRECs'),
  'MQTT-4.7.1-1': must('wildcards stand in filters only, not in topic names'),
  'MQTT-4.7.1-2': must('# stands alone or after a slash, and last'),
  'MQTT-4.7.1-3': must('+ fills a whole level'),
  'MQTT-4.7.3-1': must('topic names and filters have at least one character'),
  'MQTT-4.7.3-2': must('topic names and filters hold no U+0000'),
  'MQTT-4.7.3-3': must('topic names and filters have at most 65535 bytes'),
  'MQTT-4.8.0-1': must('a breach of the protocol by the server ends the connection'),
  'MQTT-4.8.0-2': must('a passing error while a packet is processed ends the connection', {
    uncited: 'which errors are passing is the client’s to say',
    reach: 'bench with a network simulator',
  }),
  'MQTT-7.0.0-2': must('the client needs no extension of the protocol to work', {
    uncited: 'the suite as a whole shows it',
  }),
  'MQTT-7.1.2-1': must('the client works over any transport that keeps order and loses nothing'),
  'MQTT-2.2.3': must('the remaining length takes at most four bytes and is the length of what follows', {
    reason: 'not numbered in the standard; 4.8.0-1 makes its breach one of the protocol',
  }),
  'MQTT-2.2.1': must('a client sends the packet types of clients only', {
    reason: 'not numbered in the standard: table 2.1',
  }),
  'MQTT-3.1.2.10': must('with keep-alive 0 the mechanism is off', {
    reason: 'not numbered in the standard: section 3.1.2.10',
  }),
  'MQTT-3.9.3-2': must('a return code of SUBACK is 0, 1, 2 or 0x80; 0x80 says that the subscription failed', {
    reason: 'phrased for the server; it gives the client its result',
  }),
  'MQTT-3.10.4-4': must('an unsubscription is answered by UNSUBACK', {
    reason: 'phrased for the server; it gives the client its result',
  }),
} as const satisfies Clauses;
