import type { Client, Rig } from '../harness/run/scenario.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';

/** Publishes to the topic that is to be kept, retained, and sees it done. */
async function keep(rig: Rig, client: Client, payload: string): Promise<void> {
  const publish = await client.publish({ topic: rig.topic('kept'), payload, qos: 1, retain: 1 });
  await completed(rig, publish, 'M-10.request-callback');
  rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { retain: true } }, { min: 1 }, 'M-9.retain');
}

scenario({
  id: 'retained/set',
  title: 'a message that is published with retain 1 is there for a client that comes later',
  clauses: ['M-9.retain', 'M-13.incoming'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await keep(rig, await connectedClient(rig), 'kept');
    const late = await listeningClient(rig);

    const received = late.received();
    await completed(rig, await late.subscribe(rig.topic('kept'), 1), 'M-10.request-callback');

    await received;
    rig.expect.incoming(late, { topic: rig.topic('kept'), count: 1 }, 'M-9.retain');
  },
});

scenario({
  id: 'retained/replaced',
  title: 'of two messages that are published with retain 1 the newer one is kept',
  clauses: ['M-9.retain'],
  async run(rig) {
    const client = await connectedClient(rig);
    await keep(rig, client, 'older');
    await keep(rig, client, 'newer');
    const late = await listeningClient(rig);

    const received = late.received();
    await completed(rig, await late.subscribe(rig.topic('kept'), 1), 'M-10.request-callback');

    await received;
    rig.expect.frame(
      { dir: 'down', type: 'PUBLISH', where: { payload: { head: Buffer.from('newer').toString('hex') } } },
      { min: 1, max: 1 },
      'M-9.retain',
    );
  },
});

scenario({
  id: 'retained/cleared',
  title: 'an empty message with retain 1 leaves nothing for a client that comes later',
  clauses: ['M-9.retain', 'M-9.payload'],
  async run(rig) {
    const client = await connectedClient(rig);
    await keep(rig, client, 'kept');
    await keep(rig, client, '');
    const late = await listeningClient(rig);

    await completed(rig, await late.subscribe(rig.topic('kept'), 1), 'M-10.request-callback');
    await rig.quiet('nothing was kept');

    rig.expect.incoming(late, { count: 0 }, 'M-9.retain');
  },
});

scenario({
  id: 'retained/not-asked-for',
  title: 'a message that is published with retain 0 is not kept',
  clauses: ['M-9.retain'],
  async run(rig) {
    const client = await connectedClient(rig);
    const publish = await client.publish({ topic: rig.topic('passing'), payload: 'passing', qos: 1 });
    await completed(rig, publish, 'M-10.request-callback');
    const late = await listeningClient(rig);

    await completed(rig, await late.subscribe(rig.topic('passing'), 1), 'M-10.request-callback');
    await rig.quiet('nothing was kept');

    rig.expect.incoming(late, { count: 0 }, 'M-9.retain');
  },
});
