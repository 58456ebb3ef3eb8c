import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';

scenario({
  id: 'subscribe/granted',
  title: 'a subscription completes with err 0 after its SUBACK',
  clauses: ['M-11.subscribe', 'M-10.request-callback'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const subscribe = await client.subscribe(rig.topic('in'), 1);

    await completed(rig, subscribe, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'SUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.subscribe');
  },
});

scenario({
  id: 'subscribe/withdrawn',
  title: 'an unsubscription completes with err 0 after its UNSUBACK',
  clauses: ['M-11.unsubscribe', 'M-10.request-callback'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    const subscribe = await client.subscribe(rig.topic('in'), 0);
    await completed(rig, subscribe, 'M-10.request-callback');

    const unsubscribe = await client.unsubscribe(rig.topic('in'));

    await completed(rig, unsubscribe, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'UNSUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.unsubscribe');
  },
});

scenario({
  id: 'subscribe/not-connected',
  title: 'a subscription without a session is refused',
  clauses: ['M-2.not-connect'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const subscribe = await client.subscribe(rig.topic('in'), 1);

    rig.expect.returns(subscribe, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
  },
});
