import { hold } from '../broker/faults/hold.ts';
import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import type { Client, ReturnedCall, Rig } from '../harness/run/scenario.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { heardByModule } from './support/heard-by-module.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';
import { refused } from './support/refused.ts';
import { REFUSALS } from './support/results.ts';
import { sent } from './support/sent.ts';

/** Whatever it says, inside a callback it must say it. */
const LISTED: readonly number[] = Object.values(ERROR_CODES);

for (const qos of [3, 255]) {
  scenario({
    id: `misuse/publish-qos${qos}`,
    title: `a publish at QoS ${qos} is refused and sends nothing`,
    clauses: ['MQTT-3.3.1-4', 'M-9.qos', 'M-2.error-has-no-effect'],
    async run(rig) {
      const client = await connectedClient(rig);

      const publish = await client.publish({ topic: rig.topic('out'), payload: 'beyond', qos });

      rig.expect.frame({ dir: 'up', type: 'PUBLISH' }, { max: 0 }, 'MQTT-3.3.1-4');
      await refused(rig, publish, 'M-10.result');
      await heardByModule(rig);
    },
  });

  scenario({
    id: `misuse/subscribe-qos${qos}`,
    title: `a subscription at QoS ${qos} is refused and sends nothing`,
    clauses: ['MQTT-3.8.3-4', 'M-2.error-has-no-effect'],
    async run(rig) {
      const client = await connectedClient(rig);

      const subscribe = await client.subscribe(rig.topic('in'), qos);

      rig.expect.frame({ dir: 'up', type: 'SUBSCRIBE' }, { max: 0 }, 'MQTT-3.8.3-4');
      await refused(rig, subscribe, 'M-10.result');
      await heardByModule(rig);
    },
  });
}

scenario({
  id: 'misuse/retain-2',
  title: 'what a publish with retain 2 does is recorded',
  clauses: ['D-18'],
  async run(rig) {
    const client = await connectedClient(rig);

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'kept?', qos: 1, retain: 2 });
    if (publish.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await publish.callback();

    rig.observe('D-18', 'publish with retain 2 returns', publish.ret);
  },
});

type NullCall = (rig: Rig, client: Client) => Promise<ReturnedCall>;

/** Every pointer of every function that must be given; those of the other files' areas stand there. */
const NULLS: Readonly<Record<string, NullCall>> = {
  'connect-client': (_, client) => client.connect({ client: 'null' }),
  'connect-info': (_, client) => client.connect({ info: null }),
  'publish-client': (rig, client) => client.publish({ client: 'null', topic: rig.topic('out'), payload: 'x', qos: 1 }),
  'publish-topic': (_, client) => client.publish({ topic: null, payload: 'x', qos: 1 }),
  'publish-payload': (rig, client) => client.publish({ topic: rig.topic('out'), payload: null, length: 8, qos: 1 }),
  'subscribe-client': (rig, client) => client.subscribe(rig.topic('in'), 1, { client: 'null' }),
  'subscribe-topic': (_, client) => client.subscribe(null, 1),
  'unsubscribe-topic': (_, client) => client.unsubscribe(null),
  'disconnect-client': (_, client) => client.disconnect({ client: 'null' }),
};

for (const [name, call] of Object.entries(NULLS)) {
  const isOfConnect = name.startsWith('connect');
  scenario({
    id: `misuse/null-${name}`,
    title: `NULL for ${name.replace('-', '’s ')} is an invalid parameter`,
    clauses: ['M-2.invalid-param', 'M-2.error-has-no-effect'],
    async run(rig) {
      const client = await (isOfConnect ? initialisedClient(rig) : connectedClient(rig));

      const returned = await call(rig, client);

      rig.expect.returns(returned, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
      if (isOfConnect) rig.expect.noConnection('M-2.error-has-no-effect');
      else rig.expect.frame({ dir: 'up', type: 'PUBLISH' }, { max: 0 }, 'M-2.error-has-no-effect');
    },
  });
}

scenario({
  id: 'misuse/null-payload-of-length-0',
  title: 'what a publish of no payload with length 0 returns is recorded',
  clauses: ['D-22'],
  async run(rig) {
    const client = await connectedClient(rig);

    const publish = await client.publish({ topic: rig.topic('out'), payload: null, length: 0, qos: 1 });
    if (publish.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await publish.callback();

    rig.observe('D-22', 'publish of NULL with length 0 returns', publish.ret);
  },
});

const STALE: Readonly<Record<string, (rig: Rig, client: Client) => Promise<ReturnedCall>>> = {
  connect: (_, client) => client.connect(),
  publish: (rig, client) => client.publish({ topic: rig.topic('out'), payload: 'x', qos: 1 }),
  subscribe: (rig, client) => client.subscribe(rig.topic('in'), 1),
  disconnect: (_, client) => client.disconnect(),
  'set-inpub-callback': (_, client) => client.setInpubCallback(),
};

for (const [name, call] of Object.entries(STALE)) {
  scenario({
    id: `misuse/stale-${name}`,
    title: `${name.replaceAll('-', ' ')} on a client that was released is refused`,
    clauses: ['M-15.stale-handle', 'M-2.error-is-final'],
    async run(rig) {
      const client = await initialisedClient(rig);
      const handleBefore = await client.isConnected();
      await client.deinit();

      const own = await call(rig, client);
      const foreign = await rig.returned(
        await rig.module.call('mqtt.disconnect', { slot: client.slot, client: { value: handleBefore.handle } }),
        'disconnect',
      );

      rig.expect.returns(own, REFUSALS, 'M-15.stale-handle');
      rig.expect.returns(foreign, REFUSALS, 'M-15.stale-handle');
      rig.expect.noConnection('M-15.stale-handle');
    },
  });
}

scenario({
  id: 'misuse/stale-handle-touches-nobody',
  title: 'a handle that was released does not name the client that came after, nor the one after that',
  clauses: ['M-15.stale-handle', 'D-23'],
  async run(rig) {
    let released = await initialisedClient(rig);
    // Twice: handles that are told apart by a count may lack any of its bits.
    for (const generation of ['next client', 'one after that']) {
      const { handle } = await released.isConnected();
      await released.deinit();
      const next = await connectedClient(rig);
      const { handle: nextHandle } = await next.isConnected();
      rig.observe('D-23', `the ${generation} has the handle of the one that was released`, nextHandle === handle);
      // Where handles are given out again at once, a stale one can not be told from a good one.
      if (nextHandle === handle) return;

      const stale = { client: { value: handle }, topic: rig.topic('out'), payload: 'x', qos: 1 } as const;
      const publish = await released.publish(stale);
      const isConnected = await next.isConnected();

      rig.expect.returns(publish, REFUSALS, 'M-15.stale-handle');
      rig.expect.returns(isConnected, [1], 'M-14.is-connected');
      released = next;
    }
  },
});

for (const value of [-1, 99, 0x7fffffff]) {
  scenario({
    id: `misuse/foreign-handle-${value === -1 ? 'minus-1' : value}`,
    title: `a handle that was never given out (${value}) is refused`,
    clauses: ['M-15.stale-handle'],
    async run(rig) {
      const client = await initialisedClient(rig);
      const foreign = { client: { value } };

      const calls = [
        await client.connect(foreign),
        await client.publish({ ...foreign, topic: rig.topic('out'), payload: 'x' }),
        await client.subscribe(rig.topic('in'), 0, foreign),
        await client.disconnect(foreign),
        await client.setInpubCallback(foreign),
        await client.deinit(foreign),
      ];
      const isConnected = await client.isConnected(foreign);

      for (const call of calls) rig.expect.returns(call, REFUSALS, 'M-15.stale-handle');
      rig.expect.returns(isConnected, [0], 'M-15.stale-handle');
    },
  });
}

scenario({
  id: 'misuse/before-connack',
  title: 'requests before CONNACK are refused, and the session comes up all the same',
  clauses: ['M-2.not-connect', 'M-17.call-order'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'CONNACK' }, hold());
    const connect = sent(rig, await client.connect());
    await rig.wait('CONNACK is held', rig.deadlines.connectMs, (budgetMs) => gate.waitForCount(1, budgetMs));

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'too early', qos: 1 });
    const subscribe = await client.subscribe(rig.topic('in'), 1);
    const unsubscribe = await client.unsubscribe(rig.topic('in'));
    gate.release();

    for (const call of [publish, subscribe, unsubscribe]) rig.expect.returns(call, REFUSALS, 'M-2.not-connect');
    await completed(rig, connect, 'M-4.connect-callback');
  },
});

scenario({
  id: 'misuse/disconnect-before-connack',
  title: 'what ql_mqtt_disconnect before CONNACK does is recorded, and the connect call is answered',
  clauses: ['D-17', 'M-2.wouldblock'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'CONNACK' }, hold());
    const connect = sent(rig, await client.connect());
    await rig.wait('CONNACK is held', rig.deadlines.connectMs, (budgetMs) => gate.waitForCount(1, budgetMs));

    const disconnect = await client.disconnect();
    gate.release();

    rig.observe('D-17', 'disconnect before CONNACK returns', disconnect.ret);
    if (disconnect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await disconnect.callback();
    const callback = await connect.callback();
    if ('status' in callback) rig.observe('D-17', 'status of a connect that was disconnected', callback.status);
  },
});

scenario({
  id: 'misuse/null-callbacks',
  title: 'what calls without a callback return is recorded, and they do their work',
  clauses: ['D-12', 'M-2.listed-codes'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    const topic = rig.topic('in');

    const publish = await client.publish({ topic, payload: 'nobody waits', qos: 1, cb: false });
    const subscribe = await client.subscribe(topic, 1, { cb: false });
    const unsubscribe = await client.unsubscribe(topic, { cb: false });
    await heardByModule(rig);
    const disconnect = await client.disconnect({ cb: false });
    await rig.quiet('nobody is called back');

    for (const { fn, ret } of [publish, subscribe, unsubscribe, disconnect])
      rig.observe('D-12', `${fn} without a callback returns`, ret);
    rig.observe('D-12', 'disconnect without a callback closes the connection', listener.connections.length === 0);
  },
});

scenario({
  id: 'misuse/connect-without-callback',
  title: 'what a connect without a callback does is recorded',
  clauses: ['D-12'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect({ cb: false });
    await rig.quiet('nobody is called back');
    const isConnected = await client.isConnected();

    rig.observe('D-12', 'connect without a callback returns', connect.ret);
    rig.observe('D-12', 'is_connected after a connect without a callback', isConnected.ret);
  },
});

scenario({
  id: 'misuse/strings-overwritten',
  title: 'whether what a call was given is copied at the call is recorded',
  clauses: ['D-20', 'A-1.no-reset'],
  async run(rig) {
    const client = await listeningClient(rig);
    const topic = rig.topic('copied');
    const listener = await rig.listener();
    const published = rig.wait('PUBLISH', rig.deadlines.requestMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'PUBLISH' }, budgetMs);
    });

    const publish = await client.publish({ topic, payload: 'as it was', qos: 1, after: 'poison' });

    const { packet } = await published;
    if (packet.type === 'PUBLISH') rig.observe('D-20', 'publish copies its topic', packet.topic.text === topic);
    if (publish.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await publish.callback();
  },
});

scenario({
  id: 'misuse/publish-in-incoming-callback',
  title: 'a publish from inside the incoming callback returns and completes',
  clauses: ['M-4.api-in-callback', 'A-2.no-hang'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await listeningClient(rig);
    const [first] = (
      await rig.module.armReaction(client.slot, 'inpub', [
        {
          method: 'mqtt.publish',
          params: { slot: client.slot, topic: rig.topic('echo'), payload: 'echo', qos: 1, retain: 0 },
        },
      ])
    ).calls;
    await completed(rig, await client.subscribe(rig.topic('in'), 1), 'M-10.request-callback');

    await rig.broker.publish({ topic: rig.topic('in'), payload: 'call', qos: 1 });
    if (first === undefined) return;
    const publish = await rig.returned(first, 'request');
    rig.expect.returns(publish, LISTED, 'M-4.api-in-callback');

    await completed(rig, publish, 'M-10.request-callback');
  },
});

scenario({
  id: 'misuse/publish-unacknowledged-in-incoming-callback',
  title: 'a publish at QoS 0 from inside the incoming callback leaves the message alone and calls back after it',
  clauses: ['M-4.no-nesting', 'M-13.lifetime', 'M-4.api-in-callback'],
  async run(rig) {
    const client = await listeningClient(rig);
    const [first] = (
      await rig.module.armReaction(client.slot, 'inpub', [
        {
          method: 'mqtt.publish',
          params: { slot: client.slot, topic: rig.topic('echo'), payload: 'echo', qos: 0, retain: 0 },
        },
      ])
    ).calls;
    await completed(rig, await client.subscribe(rig.topic('in'), 1), 'M-10.request-callback');

    await rig.broker.publish({ topic: rig.topic('in'), payload: 'call', qos: 1 });
    if (first !== undefined) await completed(rig, await rig.returned(first, 'request'), 'M-10.request-callback');
  },
});

scenario({
  id: 'misuse/disconnect-in-connect-callback',
  title: 'a disconnect from inside the connection callback returns',
  clauses: ['M-4.api-in-callback', 'A-2.no-hang', 'D-12'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const { calls } = await rig.module.armReaction(client.slot, 'connect', [
      { method: 'mqtt.disconnect', params: { slot: client.slot } },
    ]);
    const connect = sent(rig, await client.connect());
    await connect.callback();

    for (const call of calls) {
      const disconnect = await rig.returned(call, 'disconnect');
      rig.expect.returns(disconnect, LISTED, 'M-4.api-in-callback');
      rig.observe('D-12', 'disconnect inside the connection callback returns', disconnect.ret);
      if (disconnect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await disconnect.callback();
    }
  },
});

scenario({
  id: 'misuse/deinit-in-exception-callback',
  title: 'a deinit from inside the exception callback returns, and the module stays well',
  clauses: ['M-4.api-in-callback', 'A-2.no-hang', 'A-1.no-reset', 'D-12'],
  async run(rig) {
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const { calls } = await rig.module.armReaction(client.slot, 'exception', [
      { method: 'mqtt.deinit', params: { slot: client.slot } },
    ]);
    const exception = client.exception();

    connection.end('rst');
    await exception;
    for (const call of calls) {
      const deinit = await rig.returned(call);
      rig.expect.returns(deinit, LISTED, 'M-4.api-in-callback');
      rig.observe('D-12', 'deinit inside the exception callback returns', deinit.ret);
    }
    await completed(rig, await (await initialisedClient(rig)).connect(), 'M-4.connect-callback');
  },
});

scenario({
  id: 'misuse/deinit-in-incoming-callback',
  title: 'a deinit from inside the incoming callback returns, and messages that waited behind it are not brought',
  clauses: ['M-4.api-in-callback', 'M-15.no-callback-after-deinit', 'A-2.no-hang', 'D-12'],
  async run(rig) {
    const client = await listeningClient(rig);
    const connection = await newestConnection(rig);
    const { calls } = await rig.module.armReaction(client.slot, 'inpub', [
      { method: 'mqtt.deinit', params: { slot: client.slot } },
    ]);
    const topic = rig.topic('in');
    const messages = ['first', 'second', 'third', 'fourth', 'fifth'].map((payload) =>
      encode.publish({ topic, payload }),
    );
    const received = client.received();

    connection.inject(Buffer.concat(messages));
    await received;
    for (const call of calls) {
      const deinit = await rig.returned(call);
      rig.expect.returns(deinit, LISTED, 'M-4.api-in-callback');
      rig.observe('D-12', 'deinit inside the incoming callback returns', deinit.ret);
    }
    await rig.quiet('no message is brought to a client that is gone');

    await completed(rig, await (await initialisedClient(rig)).connect(), 'M-4.connect-callback');
  },
});

scenario({
  id: 'misuse/requests-in-exception-callback',
  title: 'is_connected and publish from inside the exception callback return',
  clauses: ['M-4.api-in-callback', 'A-2.no-hang', 'D-12'],
  async run(rig) {
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const { calls } = await rig.module.armReaction(client.slot, 'exception', [
      { method: 'mqtt.is_connected', params: { slot: client.slot } },
      { method: 'mqtt.publish', params: { slot: client.slot, topic: 'late', payload: 'x', qos: 1, retain: 0 } },
    ]);
    const exception = client.exception();

    connection.end('fin');
    await exception;

    for (const call of calls) {
      const returned = await rig.returned(call, 'request');
      rig.observe('D-12', `${returned.fn} inside the exception callback returns`, returned.ret);
    }
  },
});

for (const cleanSession of [1, 0] as const) {
  scenario({
    id: `misuse/empty-client-id-clean${cleanSession}`,
    title: `an empty client id with clean session ${cleanSession} is sent with clean session 1 only, or refused`,
    clauses: ['MQTT-3.1.3-7', 'M-2.listed-codes'],
    async run(rig) {
      await rig.listen({ peer: answeringPeer() });
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { clientId: '', cleanSession } });
      if (connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await connect.callback();

      const where = { clientId: '', cleanSession: false };
      rig.expect.frame({ dir: 'up', type: 'CONNECT', where }, { max: 0 }, 'MQTT-3.1.3-7');
      rig.observe('D-7', `connect with an empty client id and clean session ${cleanSession} returns`, connect.ret);
    },
  });
}
