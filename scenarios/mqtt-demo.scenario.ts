import type { ConnectInfo } from '../harness/protocol/arguments.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { type Client, type Rig, scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';

const RUNS = 2;
/** Half a second apart in the example; what it waits for in between are the callbacks, as is done here. */
const ROUNDS = 10;
const TOPIC = 'test';
/** The example takes any server: not trusted, expired and not yet valid are ignored (mbedTLS's bits). */
const ANY_CERTIFICATE = 0x08 | 0x01 | 0x0200;

scenario({
  id: 'mqtt-demo/as-the-vendor-does-it',
  title: 'what the SDK’s MQTT example does works, call by call and callback by callback',
  clauses: [
    'M-17.call-order',
    'M-1.init',
    'M-3.connect',
    'M-9.publish',
    'M-11.subscribe',
    'M-11.unsubscribe',
    'M-15.deinit',
  ],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ identity: 'self-signed' });
    const client = rig.client();

    for (let run = 0; run < RUNS; run++) await demoRun(rig, client);

    rig.expect.exception(client, 0, 'M-6.only-abnormal');
    await rig.connectionClosed();
  },
});

async function demoRun(rig: Rig, client: Client): Promise<void> {
  const init = await client.init();
  rig.expect.returns(init, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-1.init');

  await completed(rig, await client.connect({ info: demoInfo(rig) }), 'M-4.connect-callback');
  // The example sets it once the session is up.
  const setCallback = await client.setInpubCallback();
  rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');

  for (let round = 0; round < ROUNDS; round++) await demoRound(rig, client);

  const isConnected = await client.isConnected();
  rig.expect.returns(isConnected, [1], 'M-14.is-connected');
  await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
  const deinit = await client.deinit();
  rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
}

async function demoRound(rig: Rig, client: Client): Promise<void> {
  await completed(rig, await client.subscribe(TOPIC, 1), 'M-10.request-callback');
  for (const qos of [0, 1, 2]) {
    const publish = await client.publish({ topic: TOPIC, payload: `hello at QoS ${qos}`, qos });
    await completed(rig, publish, 'M-10.request-callback');
  }
  await completed(rig, await client.unsubscribe(TOPIC), 'M-10.request-callback');
}

/** User and password are empty, not NULL; the server is not verified. */
function demoInfo(rig: Rig): ConnectInfo {
  const has = (feature: string) => rig.features.includes(feature);
  const resends = has('pkt-timeout') ? { pktTimeout: 5, retryTimes: 3 } : {};
  const extension = has('ssl-ext') ? { negotiateTimeout: 300, ignoreCertItem: ANY_CERTIFICATE } : {};
  const ssl = rig.scheme === 'mqtts' ? rig.ssl({ verifyLevel: 0, ...extension }) : null;
  return { clientId: 'quectel_01', user: '', pass: '', keepAlive: 60, cleanSession: 1, ssl, ...resends };
}
