import { reorder } from '../broker/faults/reorder.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';
import { sent } from './support/sent.ts';

scenario({
  id: 'two-clients/crossing-requests',
  title: 'of two clients at once each gets its own callbacks, in whatever order the broker answers',
  clauses: ['M-4.arg', 'M-4.client', 'D-16'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const first = await connectedClient(rig);
    const second = await connectedClient(rig);
    const listener = await rig.listener();
    listener.gate({ dir: 'down', type: 'PUBACK' }, reorder([3, 1, 2, 0]));
    const topic = rig.topic('out');

    const publishes = [
      sent(rig, await first.publish({ topic, payload: 'first, one', qos: 1 })),
      sent(rig, await second.publish({ topic, payload: 'second, one', qos: 1 })),
      sent(rig, await first.publish({ topic, payload: 'first, two', qos: 1 })),
      sent(rig, await second.publish({ topic, payload: 'second, two', qos: 1 })),
    ];

    for (const publish of publishes) await completed(rig, publish, 'M-10.request-callback');
    rig.observe('D-16', 'two clients publish side by side', true);
  },
});

scenario({
  id: 'two-clients/talking',
  title: 'one client hears what the other publishes, and only what it subscribed to',
  clauses: ['M-13.incoming', 'M-4.client'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const talker = await listeningClient(rig);
    const listener = await listeningClient(rig);
    await completed(rig, await listener.subscribe(rig.topic('talk'), 2), 'M-10.request-callback');
    const received = listener.received();

    const unheard = await talker.publish({ topic: rig.topic('aside'), payload: 'to nobody', qos: 1 });
    await completed(rig, unheard, 'M-10.request-callback');
    const heard = await talker.publish({ topic: rig.topic('talk'), payload: 'to you', qos: 2 });
    await completed(rig, heard, 'M-10.request-callback');
    await received;

    rig.expect.incoming(listener, { count: 1 }, 'M-13.incoming');
    rig.expect.incoming(talker, { count: 0 }, 'M-13.incoming');
  },
});

scenario({
  id: 'two-clients/one-is-lost',
  title: 'the loss of one client’s connection is told to it alone',
  clauses: ['M-6.exception', 'M-4.client', 'M-14.is-connected'],
  async run(rig) {
    const lost = await connectedClient(rig);
    const sound = await connectedClient(rig);
    const listener = await rig.listener();
    const exception = lost.exception();

    listener.connections.at(0)?.end('rst');
    await exception;
    const isConnected = await sound.isConnected();
    const publish = await sound.publish({ topic: rig.topic('out'), payload: 'still here', qos: 1 });
    await completed(rig, publish, 'M-10.request-callback');

    rig.expect.exception(lost, 1, 'M-6.exception');
    rig.expect.exception(sound, 0, 'M-6.only-abnormal');
    rig.expect.returns(isConnected, [1], 'M-14.is-connected');
  },
});

scenario({
  id: 'two-clients/one-is-released',
  title: 'the release of one client leaves the other its session',
  clauses: ['M-15.deinit', 'M-14.is-connected'],
  async run(rig) {
    const released = await connectedClient(rig);
    const sound = await connectedClient(rig);

    const deinit = await released.deinit();
    const isConnected = await sound.isConnected();
    const publish = await sound.publish({ topic: rig.topic('out'), payload: 'still here', qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    rig.expect.returns(deinit, [0], 'M-15.deinit');
    rig.expect.returns(isConnected, [1], 'M-14.is-connected');
  },
});
