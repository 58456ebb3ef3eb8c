import { hold } from '../broker/faults/hold.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { silentPeer } from '../broker/peers/behaviours.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { type Rig, scenario } from '../harness/run/scenario.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { deinitWithOpenRequest } from './support/deinit-with-open-request.ts';
import { heapComesBack } from './support/heap-comes-back.ts';
import { newestConnection } from './support/newest-connection.ts';
import { recordedEnd, TELLING_TLS } from './support/recorded-end.ts';
import { refused } from './support/refused.ts';
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

type Batch = Parameters<Rig['module']['batch']>[0];

const ROUNDS = 55;
/**
 * Calls between a connect and the deinit that gives it up. How long a name takes nobody knows, and on a virtual module it takes next to
 * nothing: lives follow each other back to back, each given up a little earlier or later, so that some are while the lookup runs.
 */
const BETWEEN = [0, 2, 5] as const;
const BATCH_CALLS = 16;

scenario({
  id: 'deinit/while-a-name-is-looked-up',
  title: 'clients that are released while they look up the broker’s name keep no memory',
  clauses: ['M-15.deinit', 'M-15.no-callback-after-deinit', 'M-17.heap'],
  async run(rig) {
    const host = (await rig.namedUrl()) ?? rig.stop('the module knows the broker by its address alone');
    // Nobody answers there: a connection that is under way when its client is released would come to nobody's knowledge, or late.
    await (await rig.listener()).refuse();
    const client = await initialisedClient(rig);
    // A resolver reads its configuration when it is first asked, and keeps it.
    await refused(rig, await client.connect({ host }), 'M-2.tcp-connect-fail');
    await client.deinit();
    const batches = BETWEEN.map((between) => livesGivenUp(client.slot, host, between));

    const play = async () => {
      for (const calls of batches) await releasedEachTime(rig, calls);
    };

    await heapComesBack(rig, { times: ROUNDS, play, settle: () => rig.quiet('lookups that were given up end') });
  },
});

/** As many lives as a batch takes of a client that is released when it has just begun to connect. */
function livesGivenUp(slot: number, host: string, between: number): Batch {
  const info = { clientId: `given-up-${slot}`, keepAlive: 60, cleanSession: 1, ssl: null };
  const life: Batch = [
    { method: 'mqtt.init', params: { slot, cid: 1 } },
    { method: 'mqtt.connect', params: { slot, host, info } },
    ...Array.from({ length: between }, () => ({ method: 'mqtt.is_connected', params: { slot } }) as const),
    { method: 'mqtt.deinit', params: { slot } },
  ];
  return Array.from({ length: Math.floor(BATCH_CALLS / life.length) }, () => life).flat();
}

async function releasedEachTime(rig: Rig, batch: Batch): Promise<void> {
  const calls = await Promise.all((await rig.module.batch(batch)).map((call) => rig.returned(call)));
  for (const call of calls) {
    if (call.fn === 'init') rig.expect.returns(call, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-1.init');
    if (call.fn === 'deinit') rig.expect.returns(call, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
  }
}
