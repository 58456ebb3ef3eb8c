import { hold } from '../broker/faults/hold.ts';
import { encode } from '../broker/frame/encode.ts';
import type { EndHow } from '../broker/peers/peer.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { newestConnection } from './support/newest-connection.ts';
import { observeCloseNotify, observeEnd, TELLING_TLS } from './support/recorded-end.ts';
import { FAILURES } from './support/results.ts';
import { sent } from './support/sent.ts';
import { withoutDataCall } from './support/without-data-call.ts';

const ENDS: readonly { readonly how: EndHow; readonly title: string }[] = [
  { how: 'fin', title: 'FIN' },
  { how: 'rst', title: 'RST' },
];

for (const { how, title } of ENDS) {
  scenario({
    id: `loss/${how}`,
    title: `${title} from the server is an exception, once, and the same client connects again`,
    clauses: ['M-6.exception', 'M-6.once', 'M-4.connect-is-final', 'M-17.reconnect', 'M-14.is-connected'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connectedClient(rig);
      const connection = await newestConnection(rig);
      const exception = client.exception();

      connection.end(how);
      await exception;
      await rig.connectionClosed();
      const isConnected = await client.isConnected();
      await rig.quiet('no second exception');

      rig.expect.exception(client, 1, 'M-6.exception');
      rig.expect.returns(isConnected, [0], 'M-14.is-connected');
      await completed(rig, await client.connect(), 'M-4.connect-callback');
      const publish = await client.publish({ topic: rig.topic('again'), payload: 'back', qos: 1 });
      await completed(rig, publish, 'M-10.request-callback');
    },
  });
}

scenario({
  id: 'loss/fin-or-rst',
  title: 'whether the module answers FIN by FIN or by RST is recorded, and whether it answers close_notify',
  clauses: ['M-6.exception', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ tls: TELLING_TLS });
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const exception = client.exception();

    connection.end('half-close');
    await exception;

    await rig.connectionClosed();
    // After the server's own FIN, an RST that comes with close_notify can't be told from a FIN.
    if (rig.scheme === 'mqtt') observeEnd(rig, connection, 'FIN of the server');
    else observeCloseNotify(rig, connection, 'close_notify of the server');
  },
});

scenario({
  id: 'loss/data-call-ends',
  title: 'the end of the data call is an exception, and with the next one the same client connects again',
  clauses: ['M-6.exception', 'M-17.reconnect', 'M-14.is-connected'],
  async run(rig) {
    const client = await connectedClient(rig);
    const exception = client.exception();
    exception.catch(() => undefined); // awaited below, unless the data call can't be ended

    await using dataCall = await withoutDataCall(rig);
    rig.expect.exception(client, 1, 'M-6.exception');
    await exception;
    rig.expect.returns(await client.isConnected(), [0], 'M-14.is-connected');
    await dataCall.bringUp();

    await completed(rig, await client.connect(), 'M-4.connect-callback');
  },
});

scenario({
  id: 'loss/truncated-tls',
  title: 'a TLS connection that ends without close_notify is an exception, and half a message is none',
  clauses: ['R-8.truncation', 'M-6.exception'],
  over: ['mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    await client.setInpubCallback();
    const exception = client.exception();

    // Topic and a part of the payload are there: all that a message has, but for its end.
    const message = encode.publish({ topic: rig.topic('half'), payload: 'the first half, and the second' });
    connection.inject(message.subarray(0, -15));
    connection.end('truncate');
    await exception;

    rig.expect.exception(client, 1, 'M-6.exception');
    rig.expect.incoming(client, { count: 0 }, 'R-8.truncation');
  },
});

scenario({
  id: 'loss/pending-requests',
  title: 'requests that are open when the connection is lost are called back with an error',
  clauses: ['M-6.fails-requests', 'M-2.wouldblock', 'D-15'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: ['PUBACK', 'SUBACK'] }, hold());
    const connection = await newestConnection(rig);
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'open', qos: 1 }));
    const subscribe = sent(rig, await client.subscribe(rig.topic('in'), 1));
    await rig.wait('both are held', rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(2, budgetMs));
    using heard = rig.callbacks();
    const exception = client.exception();

    connection.end('rst');
    await exception;
    for (const request of [publish, subscribe]) {
      rig.expect.callback(request, FAILURES, 'M-6.fails-requests');
      await request.callback();
    }

    const order = heard.all.map(({ cb }) => cb).join(', ');
    rig.observe('D-15', 'callbacks of a loss with two open requests', order);
  },
});

scenario({
  id: 'loss/requests-after',
  title: 'requests and disconnect are refused after an exception',
  clauses: ['M-2.not-connect', 'D-17'],
  async run(rig) {
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const exception = client.exception();
    connection.end('fin');
    await exception;

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'too late', qos: 1 });
    const subscribe = await client.subscribe(rig.topic('in'), 1);
    const unsubscribe = await client.unsubscribe(rig.topic('in'));
    const disconnect = await client.disconnect();

    for (const { fn, ret } of [publish, subscribe, unsubscribe, disconnect])
      rig.observe('D-17', `${fn} after an exception returns`, ret);
  },
});

scenario({
  id: 'loss/without-exception-callback',
  title: 'a loss without an exception callback leaves the module well',
  clauses: ['D-12'],
  async run(rig) {
    const client = await connectedClient(rig, { exceptionCb: false });
    const connection = await newestConnection(rig);

    connection.end('rst');
    await rig.quiet('nobody is told');
    const isConnected = await client.isConnected();

    rig.expect.exception(client, 0, 'M-6.exception');
    rig.observe('D-12', 'is_connected after a loss that nobody was told of', isConnected.ret);
  },
});
