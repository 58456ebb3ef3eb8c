import { hold } from '../broker/faults/hold.ts';
import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { calledBackSoon } from './support/called-back-soon.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';
import { recordedEnd, TELLING_TLS } from './support/recorded-end.ts';
import { sent } from './support/sent.ts';

scenario({
  id: 'disconnect/orderly',
  title: 'ql_mqtt_disconnect says DISCONNECT, closes the connection and reports it, without an exception',
  clauses: ['M-12.disconnect-packet', 'M-12.disconnect-callback', 'MQTT-3.14.4-1'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const disconnect = await client.disconnect();

    await completed(rig, disconnect, 'M-12.disconnect-callback');
    await rig.connectionClosed();
  },
});

scenario({
  id: 'disconnect/fin-or-rst',
  title: 'whether the module ends its connection by FIN or by RST is recorded, and whether it says close_notify',
  clauses: ['MQTT-3.14.4-1', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    // The server leaves the end to the module.
    await rig.listen({ peer: answeringPeer({ DISCONNECT: () => undefined }), tls: TELLING_TLS });
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);

    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');

    await recordedEnd(rig, connection, 'DISCONNECT');
  },
});

/** Together more than the server's window holds while nobody reads, so that DISCONNECT is behind it; of a module with less room, what it takes. */
const CLOGGING = { count: 4, length: 65_535 };
/** Together more than the module has taken in when the call in the first one's callback is through. */
const UNREAD = { count: 128, length: 8_000 };

scenario({
  id: 'disconnect/unread-messages',
  title: 'DISCONNECT reaches a server that is slow to read, whatever the module leaves unread',
  clauses: ['M-12.disconnect-packet', 'MQTT-3.14.4-1', 'D-12', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ DISCONNECT: () => undefined }) });
    const client = await listeningClient(rig);
    const connection = await newestConnection(rig);
    const topic = rig.topic('much');
    const { calls } = await rig.module.armReaction(client.slot, 'inpub', [
      { method: 'mqtt.disconnect', params: { slot: client.slot } },
    ]);

    connection.stopReading();
    for (let nth = 0; nth < CLOGGING.count; nth++) {
      const publish = await client.publish({ topic, payload: { length: CLOGGING.length } });
      if (publish.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK || !(await calledBackSoon(rig, publish))) break;
    }
    const message = encode.publish({ topic, payload: Buffer.alloc(UNREAD.length, 'x') });
    connection.inject(Buffer.concat(Array.from({ length: UNREAD.count }, () => message)));
    for (const call of calls) {
      const disconnect = await rig.returned(call, 'disconnect');
      rig.observe('D-12', 'disconnect inside the incoming callback returns', disconnect.ret);
      // A close with bytes unread makes most stacks send RST at once, and forget what is still to be sent.
      await rig.quiet('the module does what it can before the server reads on');
      connection.resumeReading();
      if (disconnect.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) return;
      await disconnect.callback();
    }

    await recordedEnd(rig, connection, 'DISCONNECT with messages unread');
  },
});

scenario({
  id: 'disconnect/not-connected',
  title: 'ql_mqtt_disconnect without a session is refused',
  clauses: ['M-2.not-connect'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const disconnect = await client.disconnect();

    rig.expect.returns(disconnect, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
  },
});

scenario({
  id: 'disconnect/requests-after',
  title: 'requests after ql_mqtt_disconnect are refused, no exception comes, and the client connects again',
  clauses: ['M-2.not-connect', 'M-6.only-abnormal', 'M-6.one-ending', 'M-17.reconnect'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
    await rig.quiet('no exception follows');

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'too late', qos: 1 });
    const subscribe = await client.subscribe(rig.topic('in'), 1);
    const disconnect = await client.disconnect();

    for (const call of [publish, subscribe, disconnect])
      rig.expect.returns(call, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
    rig.expect.exception(client, 0, 'M-6.only-abnormal');
    await completed(rig, await client.connect(), 'M-4.connect-callback');
  },
});

scenario({
  id: 'disconnect/pending-requests',
  title: 'what becomes of open requests at ql_mqtt_disconnect is recorded',
  clauses: ['M-6.fails-requests', 'D-15'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, hold());
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'open', qos: 1 }));
    await rig.wait('the PUBACK is held', rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));
    using heard = rig.callbacks();

    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
    await rig.quiet('what was open is called back');

    const answer = heard.answerTo(publish.token);
    const fate = answer !== undefined && 'err' in answer ? answer.err : 'no callback';
    rig.observe('D-15', 'err of a request that is open at disconnect', fate);
  },
});

scenario({
  id: 'disconnect/server-stays',
  title: 'ql_mqtt_disconnect completes although the server does not close its side',
  clauses: ['M-12.disconnect-callback', 'MQTT-3.14.4-1'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ DISCONNECT: () => undefined }) });
    const client = await connectedClient(rig);

    const disconnect = await client.disconnect();

    await completed(rig, disconnect, 'M-12.disconnect-callback');
    await rig.connectionClosed();
  },
});

scenario({
  id: 'disconnect/twice',
  title: 'what a second ql_mqtt_disconnect before the callback of the first returns is recorded',
  clauses: ['D-17', 'M-2.wouldblock'],
  async run(rig) {
    const client = await connectedClient(rig);

    const [first, second] = await rig.module.batch([
      { method: 'mqtt.disconnect', params: { slot: client.slot } },
      { method: 'mqtt.disconnect', params: { slot: client.slot } },
    ]);
    if (first === undefined || second === undefined) return;

    await completed(rig, await rig.returned(first, 'disconnect'), 'M-12.disconnect-callback');
    await rig.returned(second, 'disconnect');
  },
});
