import { answeringPeer } from '../broker/peers/answering-peer.ts';
import type { ShimText } from '../harness/protocol/arguments.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';
import { refused } from './support/refused.ts';

interface IllegalTopic {
  readonly name: string;
  readonly topic: ShimText;
  readonly clause: string;
}

/** One more than a string of MQTT can hold. */
const TOO_LONG: ShimText = { pattern: 'level/', length: 65_536 };
const NOT_UTF8: ShimText = { hex: '61ff' };

/** Each way for bytes to be no UTF-8 (RFC 3629 3, 4). */
const ILL_FORMED: readonly IllegalTopic[] = [
  { name: 'stray-continuation', topic: { hex: '61bfbf' }, clause: 'MQTT-3.3.2-1' },
  { name: 'not-continued', topic: { hex: '61c328' }, clause: 'MQTT-3.3.2-1' },
  { name: 'cut-short', topic: { hex: '61e6b8' }, clause: 'MQTT-3.3.2-1' },
  { name: 'overlong-of-two', topic: { hex: '61c1bf' }, clause: 'MQTT-3.3.2-1' },
  { name: 'overlong-of-three', topic: { hex: '61e09fbf' }, clause: 'MQTT-3.3.2-1' },
  { name: 'overlong-of-four', topic: { hex: '61f08fbfbf' }, clause: 'MQTT-3.3.2-1' },
  { name: 'first-surrogate', topic: { hex: '61eda080' }, clause: 'MQTT-1.5.3-1' },
  { name: 'last-surrogate', topic: { hex: '61edbfbf' }, clause: 'MQTT-1.5.3-1' },
  { name: 'beyond-unicode', topic: { hex: '61f4908080' }, clause: 'MQTT-3.3.2-1' },
  { name: 'of-five-bytes', topic: { hex: '61f888808080' }, clause: 'MQTT-3.3.2-1' },
];

const TOPICS: readonly IllegalTopic[] = [
  { name: 'empty', topic: '', clause: 'MQTT-4.7.3-1' },
  { name: 'hash', topic: 'a/#', clause: 'MQTT-3.3.2-2' },
  { name: 'plus', topic: 'a/+/b', clause: 'MQTT-3.3.2-2' },
  { name: 'too-long', topic: TOO_LONG, clause: 'MQTT-4.7.3-3' },
  { name: 'not-utf8', topic: NOT_UTF8, clause: 'MQTT-3.3.2-1' },
  ...ILL_FORMED,
];

for (const { name, topic, clause } of TOPICS) {
  scenario({
    id: `topics/publish-${name}`,
    title: `a publish to a topic that MQTT forbids (${name.replaceAll('-', ' ')}) is refused and sends nothing`,
    clauses: [clause, 'M-2.error-has-no-effect'],
    async run(rig) {
      const client = await connectedClient(rig);

      const publish = await client.publish({ topic, payload: 'nowhere', qos: 1 });

      rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { qos: 1 } }, { max: 0 }, clause);
      await refused(rig, publish, 'M-10.result');
      const next = await client.publish({ topic: rig.topic('out'), payload: 'somewhere' });
      rig.observe('D-22', `publish to a topic that is ${name.replaceAll('-', ' ')} returns`, publish.ret);
      rig.observe('D-22', 'publish after one that was refused returns', next.ret);
    },
  });
}

scenario({
  id: 'topics/publish-nul',
  title: 'a topic ends at its first NUL, so that none goes on the wire',
  clauses: ['MQTT-4.7.3-2', 'MQTT-1.5.3-2'],
  async run(rig) {
    const client = await connectedClient(rig);

    const publish = await client.publish({ topic: { hex: '610062' }, payload: 'to a', qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { topic: 'a' } }, { min: 1, max: 1 }, 'MQTT-4.7.3-2');
  },
});

const FILTERS: readonly IllegalTopic[] = [
  { name: 'empty', topic: '', clause: 'MQTT-4.7.3-1' },
  { name: 'hash-inside', topic: 'a/#/b', clause: 'MQTT-4.7.1-2' },
  { name: 'hash-in-level', topic: 'a/b#', clause: 'MQTT-4.7.1-2' },
  { name: 'plus-in-level', topic: 'a/b+/c', clause: 'MQTT-4.7.1-3' },
  { name: 'too-long', topic: TOO_LONG, clause: 'MQTT-4.7.3-3' },
  { name: 'not-utf8', topic: NOT_UTF8, clause: 'MQTT-3.8.3-1' },
];

for (const { name, topic, clause } of FILTERS) {
  scenario({
    id: `topics/subscribe-${name}`,
    title: `a filter that MQTT forbids (${name.replaceAll('-', ' ')}) is refused and sends nothing`,
    clauses: [clause, 'M-2.error-has-no-effect'],
    async run(rig) {
      const client = await connectedClient(rig);

      const subscribe = await client.subscribe(topic, 1);
      rig.expect.frame({ dir: 'up', type: 'SUBSCRIBE' }, { max: 0 }, clause);
      await refused(rig, subscribe, 'M-10.result');
      const unsubscribe = await client.unsubscribe(topic);
      rig.expect.frame({ dir: 'up', type: 'UNSUBSCRIBE' }, { max: 0 }, clause);
      await refused(rig, unsubscribe, 'M-10.result');

      await rig.module.sync();
      rig.observe('D-22', `subscribe with a filter that is ${name.replaceAll('-', ' ')} returns`, subscribe.ret);
    },
  });
}

const LEGAL: readonly { readonly name: string; readonly topic: ShimText }[] = [
  { name: 'one-character', topic: '/' },
  { name: 'several-bytes-a-character', topic: 'Straße/温度/🌡' },
  { name: 'characters-at-the-borders', topic: { hex: '7ec2a0dfbfe0a080ed9fbfee8080efbfbdf0908080f48fbfbd' } },
  { name: '256-bytes', topic: { pattern: 'topic', length: 256 } },
  { name: '1024-bytes', topic: { pattern: 'topic', length: 1024 } },
];

for (const { name, topic } of LEGAL) {
  scenario({
    id: `topics/legal-${name}`,
    title: `a topic of ${name.replaceAll('-', ' ')} is published, subscribed to and heard`,
    clauses: ['M-9.publish', 'M-11.subscribe', 'M-13.incoming'],
    async run(rig) {
      const client = await listeningClient(rig);
      await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');
      const received = client.received();

      const publish = await client.publish({ topic, payload: 'to myself', qos: 1 });
      // Stated before it is waited for: a module that never brings it has failed, whatever else becomes of the scenario.
      rig.expect.incoming(client, { count: 1 }, 'M-13.each-once');

      await completed(rig, publish, 'M-10.request-callback');
      await received;
      await completed(rig, await client.unsubscribe(topic), 'M-10.request-callback');
    },
  });
}

scenario({
  id: 'topics/zero-width-space',
  title: 'a U+FEFF is kept wherever it stands in a topic, out and in',
  clauses: ['MQTT-1.5.3-3', 'M-13.incoming'],
  async run(rig) {
    const topic = '\uFEFF/between\uFEFF';
    const client = await listeningClient(rig);
    await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');
    const received = client.received();

    const publish = await client.publish({ topic, payload: 'to myself', qos: 1 });
    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { topic } }, { min: 1 }, 'MQTT-1.5.3-3');
    rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');

    await completed(rig, publish, 'M-10.request-callback');
    await received;
  },
});

scenario({
  id: 'topics/longest',
  title: 'how long a topic of a publish may be is recorded',
  clauses: ['D-7', 'MQTT-4.7.3-3'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await connectedClient(rig);
    let longest = 0;

    for (const length of [4096, 16_384, 65_535]) {
      const publish = await client.publish({ topic: { pattern: 'topic', length }, payload: '', qos: 1 });
      if (publish.ret !== -2) break;
      const callback = await publish.callback();
      if ('err' in callback && callback.err === 0) longest = length;
    }

    rig.observe('D-7', 'longest topic that was published, bytes', longest);
  },
});

scenario({
  id: 'topics/legal-filters',
  title: 'filters with wildcards in their places are subscribed to',
  clauses: ['M-11.subscribe', 'M-10.request-callback', 'MQTT-4.7.1-2', 'MQTT-4.7.1-3'],
  async run(rig) {
    const client = await connectedClient(rig);

    for (const filter of ['#', '+', '+/+', 'a/+/b/#', '/', 'a//b'])
      await completed(rig, await client.subscribe(filter, 1), 'M-10.request-callback');
  },
});
