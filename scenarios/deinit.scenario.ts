import { hold } from '../broker/faults/hold.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { silentPeer } from '../broker/peers/behaviours.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { deinitWithOpenRequest } from './support/deinit-with-open-request.ts';
import { newestConnection } from './support/newest-connection.ts';
import { recordedEnd, TELLING_TLS } from './support/recorded-end.ts';
import { REFUSALS } from './support/results.ts';
import { sent } from './support/sent.ts';

scenario({
  id: 'deinit/idle',
  title: 'ql_mqtt_client_deinit releases a client that never connected',
  clauses: ['M-15.deinit'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
  },
});

scenario({
  id: 'deinit/while-connected',
  title: 'nothing is called back after ql_mqtt_client_deinit of a connected client',
  clauses: ['M-15.deinit', 'M-15.no-callback-after-deinit'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
    await rig.connectionClosed();
  },
});

scenario({
  id: 'deinit/fin-or-rst',
  title: 'whether ql_mqtt_client_deinit ends a session by FIN or by RST is recorded, and whether it says close_notify',
  clauses: ['M-15.deinit', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    // The server leaves the end to the module.
    await rig.listen({ peer: answeringPeer({ DISCONNECT: () => undefined }), tls: TELLING_TLS });
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
    await recordedEnd(rig, connection, 'a deinit in a session');
  },
});

scenario({
  id: 'deinit/refuses-a-null-client',
  title: 'ql_mqtt_client_deinit without a client is an invalid parameter',
  clauses: ['M-2.invalid-param'],
  async run(rig) {
    const deinit = await rig.client().deinit({ client: 'null' });

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
  },
});

scenario({
  id: 'deinit/pending-requests',
  title: 'what becomes of open requests at ql_mqtt_client_deinit is recorded, and nothing is called back after it',
  clauses: ['M-15.no-callback-after-deinit', 'D-15'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, hold());
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'open', qos: 1 }));
    await rig.wait('the PUBACK is held', rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));
    await deinitWithOpenRequest(rig, client, publish);
  },
});

scenario({
  id: 'deinit/twice',
  title: 'a second ql_mqtt_client_deinit of the same client is refused',
  clauses: ['M-15.stale-handle', 'D-17', 'D-23'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const first = await client.deinit();

    const second = await client.deinit();

    rig.expect.returns(first, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
    rig.expect.returns(second, REFUSALS, 'M-15.stale-handle');
    rig.observe('D-23', 'handle after deinit is cleared', first.handle === 0);
  },
});

scenario({
  id: 'deinit/while-connecting',
  title: 'ql_mqtt_client_deinit while CONNACK is waited for ends the attempt',
  clauses: ['M-15.deinit', 'M-15.no-callback-after-deinit', 'M-12.connection-closes', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ peer: silentPeer(), tls: TELLING_TLS });
    const client = await initialisedClient(rig);
    const listener = await rig.listener();
    const connecting = rig.wait('CONNECT', rig.deadlines.connectMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'CONNECT' }, budgetMs);
    });
    sent(rig, await client.connect());
    await connecting;
    const connection = await newestConnection(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
    await recordedEnd(rig, connection, 'a deinit before CONNACK');
  },
});
