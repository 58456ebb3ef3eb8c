import { slice } from '../broker/relay/slice.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { type Client, type ReturnedCall, type Rig, scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { listeningClient } from './support/listening-client.ts';

/** Where a client connects to, if not to the scenario's own listener. */
type Place = Parameters<typeof listeningClient>[1];

/** A client's life with something of everything: subscriptions, publishes at all QoS, messages, the end. */
async function life(rig: Rig, place: Place = {}): Promise<void> {
  const client = await listeningClient(rig, place);
  await completed(rig, await client.subscribe(rig.topic('in'), 2), 'M-10.request-callback');
  for (const qos of [0, 1, 2] as const) {
    await published(rig, client, qos);
    const received = client.received();
    await rig.broker.publish({ topic: rig.topic('in'), payload: `down at ${qos}`, qos });
    await received;
  }
  await completed(rig, await client.unsubscribe(rig.topic('in')), 'M-10.request-callback');
  await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
  rig.expect.returns(await client.deinit(), [0], 'M-15.deinit');
}

async function published(rig: Rig, client: Client, qos: number): Promise<void> {
  await heardOf(rig, await client.publish({ topic: rig.topic('out'), payload: `up at ${qos}`, qos }));
}

/** A request that is refused is what a relation compares: life goes on. */
async function heardOf(rig: Rig, request: ReturnedCall): Promise<void> {
  if (request.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await completed(rig, request, 'M-10.request-callback');
}

scenario({
  id: 'metamorphic/segments',
  title: 'a transport that brings the bytes one by one changes nothing but the time',
  clauses: ['MQTT-7.1.2-1'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const listener = await rig.listen();
    // To the end of the connection: what comes byte by byte may arrive when the client is long gone.
    const lived = async () => {
      await life(rig);
      await rig.connectionClosed();
    };
    await rig.situation('MM-01', 1, lived);

    const relay = await listener.relay(slice(1));
    await rig.situation('MM-01', 2, lived);

    relay.disarm();
  },
});

scenario({
  id: 'metamorphic/tcp-and-tls',
  title: 'over TLS a client says and hears what it does over TCP',
  clauses: ['MQTT-7.1.2-1', 'M-3.tls'],
  async run(rig) {
    await rig.situation('MM-02', 1, () => life(rig));

    const host = await rig.furtherUrl('mqtts');
    await rig.situation('MM-02', 2, () => life(rig, { host, info: { ssl: rig.ssl() } }));
  },
});

scenario({
  id: 'metamorphic/another-client',
  title: 'a client beside it changes nothing for a client',
  clauses: ['M-1.clients-apart', 'D-16'],
  async run(rig) {
    await rig.situation('MM-03', 1, () => life(rig));

    const other = await listeningClient(rig);
    await completed(rig, await other.subscribe(rig.topic('aside'), 1), 'M-10.request-callback');
    const publishAside = async () => {
      for (const payload of ['one', 'two', 'three']) {
        await heardOf(rig, await other.publish({ topic: rig.topic('aside'), payload, qos: 1 }));
      }
    };
    // Together: one that stops must not leave the other's end to nobody.
    await rig.situation('MM-03', 2, () => Promise.all([life(rig), publishAside()]));
  },
});

scenario({
  id: 'metamorphic/again',
  title: 'what a client does it can do again, in the same way and at no cost',
  clauses: ['M-15.repeatable', 'M-17.heap'],
  async run(rig) {
    const lived = async () => {
      await life(rig);
      await rig.connectionClosed();
      await rig.measureHeap();
    };
    // What is taken once, the first time that something is used, is no cost.
    await lived();

    await rig.situation('MM-04', 1, lived);
    await rig.situation('MM-04', 2, lived);
  },
});

scenario({
  id: 'metamorphic/other-order',
  title: 'publishes to two topics may change places',
  clauses: ['M-10.calls-apart'],
  async run(rig) {
    const client = await listeningClient(rig);
    const play = async (names: readonly string[]) => {
      for (const name of names) {
        const publish = await client.publish({ topic: rig.topic(name), payload: `about ${name}`, qos: 1 });
        await completed(rig, publish, 'M-10.request-callback');
      }
    };

    await rig.situation('MM-06', 1, () => play(['one', 'other', 'one', 'other']));
    await rig.situation('MM-06', 2, () => play(['other', 'one', 'other', 'one']));
  },
});
