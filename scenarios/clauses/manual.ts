import type { Clauses } from './clause.ts';

/** What the vendor's API manual 1.0 says, one sentence a clause; `M-n` counts its normative places. */
export const manual = {
  'M-1.init': {
    source: 'manual 3.3.1',
    says: 'ql_mqtt_client_init sets up the resources of a client and succeeds',
    kind: 'specified',
  },
  'M-1.handle': {
    source: 'manual 3.3.1',
    says: 'ql_mqtt_client_init hands out the handle of a new client through its first parameter',
    kind: 'specified',
  },
  'M-2.listed-codes': {
    source: 'manual 3.3.1.1',
    says: 'every function but ql_mqtt_client_is_connected and the token generator returns a listed code, 0 or -1 to -9',
    kind: 'specified',
  },
  'M-2.success': { source: 'manual 3.3.1.1', says: '0 says that the function did its work', kind: 'specified' },
  'M-2.invalid-param': {
    source: 'manual 3.3.1.1',
    says: '-1 says that a parameter is not valid, e.g. a NULL pointer where something must be given',
    kind: 'specified',
    reason:
      'the manual gives the code without a list of what is invalid; a mandatory pointer that is NULL is the least of it',
  },
  'M-2.wouldblock': {
    source: 'manual 3.3.1.1',
    says: '-2 says that the work is not finished and that its result will be notified: exactly one callback of its kind follows',
    kind: 'specified',
  },
  'M-2.out-of-mem': {
    source: 'manual 3.3.1.1',
    says: '-3 says that memory ran out',
    kind: 'specified',
    uncited: 'memory can not be made scarce from outside the module',
  },
  'M-2.alloc-fail': {
    source: 'manual 3.3.1.1',
    says: '-4 says that an allocation failed',
    kind: 'specified',
    uncited: 'memory can not be made scarce from outside the module',
  },
  'M-2.tcp-connect-fail': {
    source: 'manual 3.3.1.1, 3.3.2.4',
    says: 'a TCP connection that can not be made is told once: by -5 from the call or by status 254 in its callback',
    kind: 'specified',
    reason: 'the manual lists both and prefers neither; both at once, or neither, would leave the application astray',
  },
  'M-2.not-connect': {
    source: 'manual 3.3.1.1',
    says: '-6 says that there is no MQTT session: a request that needs one is refused',
    kind: 'specified',
  },
  'M-2.send-pkt-fail': {
    source: 'manual 3.3.1.1',
    says: '-7 says that a request could not be sent',
    kind: 'specified',
    uncited: 'a failed sending shows as the loss of the connection first',
  },
  'M-2.bad-request': {
    source: 'manual 3.3.1.1',
    says: '-8 says that the request is wrong',
    kind: 'specified',
    uncited: 'which wrongs -8 tells and which -1 is not said: what is returned is recorded under D-7, D-17 and D-22',
  },
  'M-2.timeout': {
    source: 'manual 3.3.1.1',
    says: '-9 says that time ran out: a request that the broker never answers ends with a time-out',
    kind: 'specified',
  },
  'M-3.connect': {
    source: 'manual 3.3.2',
    says: 'ql_mqtt_connect sends CONNECT to the server and builds up the MQTT session',
    kind: 'specified',
  },
  'M-3.url': {
    source: 'manual 3.3.2',
    says: 'host is a URL of scheme, address and port',
    kind: 'specified',
  },
  'M-3.tls': {
    source: 'manual 3.3.2',
    says: 'with mqtts:// no byte of MQTT goes over the wire in clear',
    kind: 'specified',
    reason:
      'the manual names mqtt:// twice as the prefix; its two examples and the later headers show that the second is mqtts:// (D-1)',
  },
  'M-4.connect-callback': {
    source: 'manual 3.3.2.1',
    says: 'the connection callback notifies the result of the CONNECT request, once',
    kind: 'specified',
  },
  'M-4.arg': {
    source: 'manual 3.3.2.1, 3.3.3.1, 3.3.5.1, 3.3.6.1',
    says: 'a callback is handed the arg that its call was given',
    kind: 'specified',
    reason:
      'for the disconnect callback the manual refers to 3.3.2, an evident slip: its own sentence names ql_mqtt_disconnect (D-4)',
  },
  'M-4.client': {
    source: 'manual 3.3.2.1, 3.3.3.1, 3.3.5.1, 3.3.6.1',
    says: 'a callback is handed the handle of the client that it speaks of',
    kind: 'specified',
  },
  'M-5.client-id': { source: 'manual 3.3.2.2', says: 'CONNECT carries client_id', kind: 'specified' },
  'M-5.user': {
    source: 'manual 3.3.2.2',
    says: 'CONNECT carries client_user, and none if it is NULL',
    kind: 'specified',
  },
  'M-5.password': {
    source: 'manual 3.3.2.2',
    says: 'CONNECT carries client_pass, and none if it is NULL',
    kind: 'specified',
  },
  'M-5.keep-alive': {
    source: 'manual 3.3.2.2',
    says: 'CONNECT carries keep_alive, in seconds',
    kind: 'specified',
  },
  'M-5.will': {
    source: 'manual 3.3.2.2',
    says: 'CONNECT carries will_topic and will_msg, and no will if they are NULL',
    kind: 'specified',
  },
  'M-5.will-qos': { source: 'manual 3.3.2.2', says: 'the will has QoS will_qos', kind: 'specified' },
  'M-5.will-retain': {
    source: 'manual 3.3.2.2',
    says: 'the will is retained by the server if will_retain is true',
    kind: 'specified',
  },
  'M-5.clean-session': {
    source: 'manual 3.3.2.2',
    says: 'clean_session 0 keeps the session, 1 starts a clean one',
    kind: 'specified',
  },
  'M-5.no-ssl': {
    source: 'manual 3.3.2.2',
    says: 'ssl_cfg NULL means no TLS',
    kind: 'specified',
    uncited: 'seen by every connect over mqtt://',
  },
  'M-6.exception': {
    source: 'manual 3.3.2.3',
    says: 'the exception callback notifies that the session was broken off abnormally',
    kind: 'specified',
  },
  'M-6.once': {
    source: 'manual 3.3.2.3',
    says: 'the end of a session is notified at most once',
    kind: 'specified',
  },
  'M-6.session-before': {
    source: 'manual 3.3.2.3',
    says: 'an exception is about a session: one that was reported as accepted before',
    kind: 'specified',
  },
  'M-6.only-abnormal': {
    source: 'manual 3.3.2.3',
    says: 'a session that the application ends itself is no exception',
    kind: 'specified',
  },
  'M-6.keep-alive-timeout': {
    source: 'manual 3.3.2.3',
    says: 'a keep-alive that times out breaks the session and calls the exception callback',
    kind: 'specified',
  },
  'M-7.status-values': {
    source: 'manual 3.3.2.4',
    says: 'the status of a connection callback is one of the ten listed: 0 to 5 and 254 to 257',
    kind: 'specified',
  },
  'M-7.accepted': { source: 'manual 3.3.2.4', says: 'status 0: the session was accepted', kind: 'specified' },
  'M-7.refused-protocol-version': {
    source: 'manual 3.3.2.4',
    says: 'status 1: refused for the protocol version',
    kind: 'specified',
  },
  'M-7.refused-identifier': {
    source: 'manual 3.3.2.4',
    says: 'status 2: refused for the client id',
    kind: 'specified',
  },
  'M-7.refused-server': {
    source: 'manual 3.3.2.4',
    says: 'status 3: refused by the server',
    kind: 'specified',
  },
  'M-7.refused-username-pass': {
    source: 'manual 3.3.2.4',
    says: 'status 4: refused for user name or password',
    kind: 'specified',
  },
  'M-7.refused-not-authorized': {
    source: 'manual 3.3.2.4',
    says: 'status 5: refused for lack of authorisation',
    kind: 'specified',
  },
  'M-7.tcp-connect-failure': {
    source: 'manual 3.3.2.4',
    says: 'status 254: no TCP connection could be made',
    kind: 'specified',
  },
  'M-7.out-of-memory': {
    source: 'manual 3.3.2.4',
    says: 'status 255: memory ran out',
    kind: 'specified',
    uncited: 'memory can not be made scarce from outside the module',
  },
  'M-7.disconnected': {
    source: 'manual 3.3.2.4',
    says: 'status 256: the connection was closed before the session was accepted',
    kind: 'specified',
  },
  'M-7.timeout': {
    source: 'manual 3.3.2.4',
    says: 'status 257: the server did not answer in time',
    kind: 'specified',
  },
  'M-8.verify-level': {
    source: 'manual 3.3.2.5',
    says: 'verify_level says who is verified',
    kind: 'specified',
    reason: 'the values are not in the manual; the headers say 0 nobody, 1 the server, 2 server and client (D-10)',
  },
  'M-8.ca': {
    source: 'manual 3.3.2.5',
    says: 'cacert_path names the CA certificate that the server is verified against; one that can not be read is an error',
    kind: 'specified',
  },
  'M-8.client-cert': {
    source: 'manual 3.3.2.5',
    says: 'client_cert_path names the certificate that is shown to the server',
    kind: 'specified',
  },
  'M-8.client-key': {
    source: 'manual 3.3.2.5',
    says: 'client_key_path names the key of the client certificate',
    kind: 'specified',
  },
  'M-8.key-password': {
    source: 'manual 3.3.2.5',
    says: 'client_key_pwd opens an encrypted client key',
    kind: 'specified',
  },
  'M-9.publish': {
    source: 'manual 3.3.3',
    says: 'ql_mqtt_publish publishes the message under its topic',
    kind: 'specified',
  },
  'M-9.payload': {
    source: 'manual 3.3.3',
    says: 'payload_length bytes of payload are published, whatever they are',
    kind: 'specified',
  },
  'M-9.qos': { source: 'manual 3.3.3', says: 'the message is published at QoS qos', kind: 'specified' },
  'M-9.retain': {
    source: 'manual 3.3.3',
    says: 'retain 1 has the server keep the message, 0 does not',
    kind: 'specified',
  },
  'M-10.request-callback': {
    source: 'manual 3.3.3.1',
    says: 'the request callback notifies the result of a subscribe, unsubscribe or publish request, once',
    kind: 'specified',
  },
  'M-10.result': {
    source: 'manual 3.3.3.1',
    says: 'err is the result: 0 if and only if the broker granted the request',
    kind: 'specified',
    reason: 'whatever list err is taken from (D-3), 0 is success in both',
  },
  'M-11.subscribe': { source: 'manual 3.3.4', says: 'sub 1 subscribes to the topic at QoS qos', kind: 'specified' },
  'M-11.unsubscribe': { source: 'manual 3.3.4', says: 'sub 0 withdraws the subscription', kind: 'specified' },
  'M-12.disconnect': {
    source: 'manual 3.3.5',
    says: 'ql_mqtt_disconnect ends the MQTT session with the server',
    kind: 'specified',
    uncited: 'its parts are M-12.disconnect-packet and M-12.disconnect-callback',
  },
  'M-12.disconnect-packet': {
    source: 'manual 3.3.5',
    says: 'ql_mqtt_disconnect sends DISCONNECT before the connection is closed',
    kind: 'specified',
  },
  'M-12.disconnect-callback': {
    source: 'manual 3.3.5.1',
    says: 'the disconnect callback notifies the result of the DISCONNECT request, once',
    kind: 'specified',
  },
  'M-13.set-inpub-callback': {
    source: 'manual 3.3.6',
    says: 'ql_mqtt_set_inpub_callback sets the callback for messages from the server',
    kind: 'specified',
  },
  'M-13.incoming': {
    source: 'manual 3.3.6.1',
    says: 'the incoming callback brings topic, payload and length of a received message',
    kind: 'specified',
  },
  'M-13.each-once': {
    source: 'manual 3.3.6.1',
    says: 'each message that is received is brought once',
    kind: 'specified',
  },
  'M-13.packet-id': {
    source: 'manual 3.3.6.1',
    says: 'pkt_id is the packet id of the message',
    kind: 'specified',
    reason: 'a message of QoS 0 has none; what is passed then is only recorded (D-11)',
  },
  'M-14.is-connected': {
    source: 'manual 3.3.7',
    says: 'ql_mqtt_client_is_connected is 1 while the session is up and 0 while it is not',
    kind: 'specified',
  },
  'M-14.values': {
    source: 'manual 3.3.7',
    says: 'ql_mqtt_client_is_connected returns 0 or 1',
    kind: 'specified',
  },
  'M-15.deinit': {
    source: 'manual 3.3.8',
    says: 'ql_mqtt_client_deinit releases the resources of the client and succeeds',
    kind: 'specified',
  },
  'M-16.token': {
    source: 'manual 3.3.9',
    says: 'ql_mqtt_onenet_generate_auth_token returns the password that the OneNET platform asks for',
    kind: 'specified',
    needs: 'onenet-token',
  },
  'M-16.null-on-failure': {
    source: 'manual 3.3.9',
    says: 'ql_mqtt_onenet_generate_auth_token returns NULL when it fails',
    kind: 'specified',
    needs: 'onenet-token',
  },
  'M-16.free': {
    source: 'manual 3.3.9',
    says: 'the token is the caller’s to free',
    kind: 'specified',
    uncited: 'the shim frees the string; the heap figures show it',
    needs: 'onenet-token',
  },
  'M-17.call-order': {
    source: 'manual 2',
    says: 'a client goes through init, connect, requests, disconnect in this order, and its answers follow it',
    kind: 'specified',
  },
} as const satisfies Clauses;
