import type { PacketType } from '../broker/events.ts';
import { drop } from '../broker/faults/drop.ts';
import { duplicate } from '../broker/faults/duplicate.ts';
import { hold } from '../broker/faults/hold.ts';
import { reorder } from '../broker/faults/reorder.ts';
import { encode } from '../broker/frame/encode.ts';
import { packetIdOf } from '../broker/frame-matcher.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { heardByModule } from './support/heard-by-module.ts';
import { newestConnection } from './support/newest-connection.ts';
import { TIME_OUTS } from './support/results.ts';
import { sent } from './support/sent.ts';

const HELD = [
  { ack: 'PUBACK', qos: 1, clause: 'MQTT-4.3.2-1' },
  { ack: 'PUBREC', qos: 2, clause: 'MQTT-4.3.3-1' },
  { ack: 'PUBCOMP', qos: 2, clause: 'MQTT-4.3.3-1' },
] as const;

for (const { ack, qos, clause } of HELD) {
  scenario({
    id: `publish-acks/held-${ack.toLowerCase()}`,
    title: `a QoS ${qos} publish is not called back before its ${ack}`,
    clauses: ['M-10.request-callback', clause],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();
      const gate = listener.gate({ dir: 'down', type: ack }, hold());

      const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'held', qos }));
      await rig.wait(`the ${ack} is held`, rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));
      await heardByModule(rig);
      gate.release();

      await completed(rig, publish, 'M-10.request-callback');
    },
  });
}

for (const qos of [1, 2] as const) {
  scenario({
    id: `publish-acks/reordered-qos${qos}`,
    title: `acknowledgements in another order complete each QoS ${qos} publish with its own arg`,
    clauses: ['M-10.result', 'M-4.arg', 'M-10.ack-order'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();
      listener.gate({ dir: 'down', type: qos === 1 ? 'PUBACK' : 'PUBCOMP' }, reorder([2, 0, 1]));
      const topic = rig.topic('out');

      const first = await client.publish({ topic, payload: 'first', qos });
      const second = await client.publish({ topic, payload: 'second', qos });
      const third = await client.publish({ topic, payload: 'third', qos });

      for (const publish of [first, second, third]) await completed(rig, publish, 'M-10.request-callback');
    },
  });
}

scenario({
  id: 'publish-acks/qos0-beside-held',
  title: 'a QoS 0 publish that succeeds while another waits for its PUBACK is on the wire',
  clauses: ['M-10.result', 'M-10.calls-apart'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, hold(), { times: 1 });
    const waiting = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'waits', qos: 1 }));
    await rig.wait('the PUBACK is held', rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));

    const beside = await client.publish({ topic: rig.topic('out'), payload: 'does not wait', qos: 0 });

    await completed(rig, beside, 'M-10.request-callback');
    await heardByModule(rig);
    gate.release();
    await completed(rig, waiting, 'M-10.request-callback');
  },
});

scenario({
  id: 'publish-acks/last-one-first',
  title: 'of three QoS 1 publishes the last is acknowledged alone, and it alone is called back',
  clauses: ['M-10.result', 'M-10.ack-of-its-kind'],
  async run(rig) {
    const ids: number[] = [];
    await rig.listen({ peer: answeringPeer({ PUBLISH: ({ packetId }) => void ids.push(packetId ?? 0) }) });
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const topic = rig.topic('out');
    const publishes = [];
    for (const payload of ['first', 'second', 'third'])
      publishes.push(sent(rig, await client.publish({ topic, payload, qos: 1 })));
    await heardByModule(rig);

    for (const id of ids.toReversed()) {
      connection.inject(encode.ack('PUBACK', id));
      await heardByModule(rig);
    }

    for (const publish of publishes) await completed(rig, publish, 'M-10.request-callback');
  },
});

const FOREIGN: readonly { readonly name: string; readonly title: string; readonly make: (id: number) => Buffer }[] = [
  { name: 'pubcomp', title: 'a PUBCOMP of its id', make: (id) => encode.ack('PUBCOMP', id) },
  { name: 'pubrec', title: 'a PUBREC of its id', make: (id) => encode.ack('PUBREC', id) },
  { name: 'suback', title: 'a SUBACK of its id', make: (id) => encode.suback(id, [1]) },
  { name: 'unsuback', title: 'an UNSUBACK of its id', make: (id) => encode.ack('UNSUBACK', id) },
  { name: 'other-id', title: 'the PUBACK of an id that is not in use', make: (id) => encode.ack('PUBACK', id + 1000) },
];

for (const { name, title, make } of FOREIGN) {
  scenario({
    id: `publish-acks/foreign-${name}`,
    title: `${title} does not complete a QoS 1 publish`,
    clauses: ['M-10.ack-of-its-kind', 'M-10.result', 'D-24'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();
      const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, hold(), { times: 1 });
      const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'mine', qos: 1 }));
      await rig.wait('the PUBACK is held', rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));
      const connection = await newestConnection(rig);

      for (const { packet } of gate.held) connection.inject(make(packetIdOf(packet) ?? 0));
      await heardByModule(rig);
      gate.release();

      // A module may also close the connection for it: then the publish fails.
      await publish.callback();
      rig.observe('D-24', `a foreign acknowledgement (${name}) closes the connection`, !connection.isOpen);
    },
  });
}

scenario({
  id: 'publish-acks/duplicate-puback',
  title: 'a second PUBACK of the same id calls nobody back, whether it comes before the callback or after it',
  clauses: ['M-2.wouldblock', 'M-10.late-ack'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    listener.gate({ dir: 'down', type: 'PUBACK' }, duplicate(), { times: 1 });
    const answered = rig.wait('PUBACK', rig.deadlines.ackMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'down', type: 'PUBACK' }, budgetMs);
    });

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'once', qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    const { packet } = await answered;
    const connection = await newestConnection(rig);
    connection.inject(encode.ack('PUBACK', packetIdOf(packet) ?? 0));
    await heardByModule(rig);
    await rig.quiet('no second callback');
  },
});

scenario({
  id: 'publish-acks/unanswered',
  title: 'requests that are never answered end with a time-out, and late answers change nothing',
  clauses: ['M-2.timeout', 'M-10.late-ack', 'D-3', 'D-8'],
  async run(rig) {
    const silenced: readonly PacketType[] = ['PUBACK', 'PUBREC', 'SUBACK', 'UNSUBACK'];
    const client = await connectedClient(rig);
    const other = await connectedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: silenced, conn: listener.connections[0]?.conn ?? 0 }, hold());
    listener.gate({ dir: 'down', type: 'PUBCOMP' }, drop());
    const topic = rig.topic('silence');

    const requests = {
      PUBACK: sent(rig, await client.publish({ topic, payload: 'unheard', qos: 1 })),
      PUBREC: sent(rig, await client.publish({ topic, payload: 'unheard', qos: 2 })),
      SUBACK: sent(rig, await client.subscribe(topic, 1)),
      UNSUBACK: sent(rig, await client.unsubscribe(topic)),
      PUBCOMP: sent(rig, await other.publish({ topic, payload: 'half heard', qos: 2 })),
    };

    for (const [ack, request] of Object.entries(requests)) {
      rig.expect.callback(request, TIME_OUTS, 'M-2.timeout');
      const callback = await request.callback();
      rig.observe('D-8', `a request without ${ack} is given up after, ms`, callback.t - request.atMs);
      if ('err' in callback) rig.observe('D-3', 'err of a request that timed out', callback.err);
    }
    gate.release();
    await rig.quiet('late acknowledgements call nobody back');
  },
});

scenario({
  id: 'publish-acks/sent-again',
  title: 'a publish whose PUBACK is lost is sent again with DUP and the same id, and completes',
  clauses: ['MQTT-3.3.1-1', 'MQTT-2.3.1-3'],
  needs: ['pkt-timeout'],
  async run(rig) {
    const client = await connectedClient(rig, { info: { pktTimeout: 1, retryTimes: 2 } });
    const listener = await rig.listener();
    listener.gate({ dir: 'down', type: 'PUBACK' }, drop(), { times: 1 });

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'twice', qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { dup: true } }, { min: 1 }, 'MQTT-3.3.1-1');
  },
});

scenario({
  id: 'publish-acks/sent-again-in-vain',
  title: 'a publish that is never answered is sent again retry_times at most, and times out',
  clauses: ['M-10.resend-ends', 'M-2.timeout'],
  needs: ['pkt-timeout'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ PUBLISH: () => undefined }) });
    const client = await connectedClient(rig, { info: { pktTimeout: 1, retryTimes: 1 } });

    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'in vain', qos: 1 }));

    rig.expect.callback(publish, TIME_OUTS, 'M-2.timeout');
    await publish.callback();
    rig.expect.frame({ dir: 'up', type: 'PUBLISH' }, { min: 1, max: 2 }, 'M-10.resend-ends');
  },
});

scenario({
  id: 'publish-acks/clean-session-forgets',
  title: 'a publish without its PUBACK is not sent again when a clean session follows',
  clauses: ['MQTT-3.1.2-6', 'M-5.clean-session', 'M-17.reconnect'],
  async run(rig) {
    let publishes = 0;
    await rig.listen({
      peer: answeringPeer({
        PUBLISH: ({ packetId }) => (publishes++ === 0 ? 'rst' : encode.ack('PUBACK', packetId ?? 0)),
      }),
    });
    const client = await connectedClient(rig, { info: { cleanSession: 1 } });
    const exception = client.exception();
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'forgotten', qos: 1 }));
    await exception;
    await publish.callback();

    await completed(rig, await client.connect({ info: { cleanSession: 1 } }), 'M-17.reconnect');
    const { conn } = await newestConnection(rig);
    const next = await client.publish({ topic: rig.topic('next'), payload: 'comes first', qos: 1 });
    await completed(rig, next, 'M-10.request-callback');
    await heardByModule(rig);

    rig.expect.frame({ dir: 'up', type: 'PUBLISH', conn }, { min: 1, max: 1 }, 'MQTT-3.1.2-6');
  },
});

scenario({
  id: 'publish-acks/resumed-session',
  title: 'a publish without its PUBACK is sent again, with DUP and its id, when its session goes on',
  clauses: ['MQTT-4.4.0-1', 'MQTT-3.1.2-4', 'MQTT-4.1.0-1'],
  async run(rig) {
    let sessions = 0;
    const listener = await rig.listen({
      peer: answeringPeer({
        CONNECT: () => encode.connack(0, sessions++ > 0),
        PUBLISH: ({ dup, packetId }) => (dup ? encode.ack('PUBACK', packetId ?? 0) : 'rst'),
      }),
    });
    const client = await connectedClient(rig, { info: { cleanSession: 0 } });
    const exception = client.exception();
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'kept', qos: 1 }));
    await exception;
    await publish.callback();

    const again = rig.wait('the PUBLISH comes again', rig.deadlines.requestMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'PUBLISH' }, budgetMs);
    });
    await completed(rig, await client.connect({ info: { cleanSession: 0 } }), 'M-4.connect-callback');
    await again;
    await heardByModule(rig);

    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { dup: true } }, { min: 1 }, 'MQTT-4.4.0-1');
  },
});

scenario({
  id: 'publish-acks/resumed-release',
  title: 'a PUBREL without its PUBCOMP is sent again, with its id, when its session goes on',
  clauses: ['MQTT-4.4.0-1', 'MQTT-4.3.3-1', 'MQTT-3.1.2-4'],
  async run(rig) {
    let sessions = 0;
    const listener = await rig.listen({
      peer: answeringPeer({
        CONNECT: () => encode.connack(0, sessions++ > 0),
        PUBREL: ({ packetId }) => (sessions > 1 ? encode.ack('PUBCOMP', packetId) : 'rst'),
      }),
    });
    const client = await connectedClient(rig, { info: { cleanSession: 0 } });
    const exception = client.exception();
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'half done', qos: 2 }));
    await exception;
    await publish.callback();
    rig.expect.frame({ dir: 'up', type: 'PUBREL' }, { min: 2, max: 2 }, 'MQTT-4.4.0-1');
    rig.expect.frame({ dir: 'up', type: 'PUBLISH' }, { min: 1, max: 1 }, 'MQTT-4.3.3-1');

    const again = rig.wait('the PUBREL comes again', rig.deadlines.requestMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'PUBREL' }, budgetMs);
    });
    await completed(rig, await client.connect({ info: { cleanSession: 0 } }), 'M-4.connect-callback');
    await again;
    await heardByModule(rig);
  },
});
