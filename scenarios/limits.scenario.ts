import { count } from '../broker/faults/count.ts';
import { hold } from '../broker/faults/hold.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import type { Client, ReturnedCall } from '../harness/run/scenario.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { fillSendBuffer, SMALLEST_BYTES } from './support/fill-send-buffer.ts';
import { newestConnection } from './support/newest-connection.ts';
import { refused } from './support/refused.ts';
import { REFUSALS } from './support/results.ts';

/** As many as the later headers and the family's AT commands lead one to expect; what really fits is recorded. */
const IN_FLIGHT = 4;

/** The request that comes while four are unanswered. */
const ONE_MORE = {
  publish: {
    id: 'limits/requests-in-flight',
    ask: (client: Client, topic: string) => client.publish({ topic, payload: 'one more', qos: 1 }),
    observed: 'a fifth request in flight returns',
  },
  subscribe: {
    id: 'limits/subscribe-beyond-requests-in-flight',
    ask: (client: Client, topic: string) => client.subscribe(topic, 1),
    observed: 'a subscribe beyond four requests in flight returns',
  },
} as const;

for (const [request, { id, ask, observed }] of Object.entries(ONE_MORE)) {
  scenario({
    id,
    title: `a fifth request (${request}) while four are unanswered is recorded, and none of the four is harmed`,
    clauses: ['D-7', 'M-2.error-has-no-effect', 'M-10.request-callback'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();
      const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, hold());
      const topic = rig.topic('out');
      const publishes: ReturnedCall[] = [];

      for (let nth = 1; nth <= IN_FLIGHT; nth++)
        publishes.push(await client.publish({ topic, payload: `number ${nth}`, qos: 1 }));
      const oneMore = await ask(client, topic);
      rig.observe('D-7', observed, oneMore.ret);
      await rig.wait('the acknowledgements are held', rig.deadlines.ackMs, (budgetMs) => {
        return gate.waitForCount(IN_FLIGHT, budgetMs);
      });
      gate.close();

      for (const publish of publishes) await completed(rig, publish, 'M-10.request-callback');
      if (oneMore.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await completed(rig, oneMore, 'M-10.request-callback');
      else await refused(rig, oneMore, 'M-2.listed-codes');
    },
  });
}

scenario({
  id: 'limits/clients',
  title: 'what a sixth client gets is recorded, and a handle that is free again is given out again',
  clauses: ['D-7', 'M-1.handle', 'M-1.handle-untouched', 'D-23'],
  async run(rig) {
    const clients = [1, 2, 3, 4, 5, 6].map(() => rig.client());
    const inits: ReturnedCall[] = [];
    for (const client of clients) inits.push(await client.init());

    rig.observe('D-7', 'clients at once', inits.filter(({ ret }) => ret === 0).length);
    rig.observe('D-7', 'init of a sixth client returns', inits.at(-1)?.ret ?? 0);
    const refusedHandles = inits.filter(({ ret }) => ret !== 0).map(({ handle }) => handle);
    rig.observe('D-23', 'handle of a client that was refused', refusedHandles.join(', '));
    const [first] = clients;
    const deinit = await first?.deinit();
    const again = await first?.init();

    if (deinit !== undefined) rig.expect.returns(deinit, [0], 'M-15.deinit');
    if (again !== undefined) rig.expect.returns(again, [0], 'M-1.init');
  },
});

const CYCLES = 100;

scenario({
  id: 'limits/init-and-deinit-again',
  title: `${CYCLES} clients one after the other can be had, and what they take from the heap is measured`,
  clauses: ['M-1.init', 'M-15.deinit', 'M-17.heap'],
  async run(rig) {
    const client = rig.client();
    const cycle = async () => {
      const init = await client.init();
      const deinit = await client.deinit();
      rig.expect.returns(init, [0], 'M-1.init');
      rig.expect.returns(deinit, [0], 'M-15.deinit');
      if (REFUSALS.includes(init.ret)) rig.stop(`ql_mqtt_client_init returned ${init.ret}`);
    };
    await cycle();

    const before = await rig.module.stats();
    for (let nth = 0; nth < CYCLES; nth++) await cycle();
    const after = await rig.module.stats();

    rig.measure(`heap that ${CYCLES} clients kept`, 'bytes', before.heap.avail - after.heap.avail);
  },
});

const SESSIONS = 10;

scenario({
  id: 'limits/sessions-again',
  title: `${SESSIONS} sessions of one client one after the other can be had, and what they take from the heap is measured`,
  clauses: ['M-17.reconnect', 'M-12.disconnect-callback', 'M-17.heap'],
  async run(rig) {
    const client = await connectedClient(rig);
    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');

    const before = await rig.module.stats();
    for (let nth = 0; nth < SESSIONS; nth++) {
      await completed(rig, await client.connect(), 'M-4.connect-callback');
      await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
    }
    const after = await rig.module.stats();

    rig.measure(`heap that ${SESSIONS} sessions kept`, 'bytes', before.heap.avail - after.heap.avail);
  },
});

scenario({
  id: 'limits/send-buffer',
  title: 'what requests return that there is no room for, since the server does not read, is recorded',
  clauses: ['D-7', 'M-2.error-has-no-effect'],
  // The shortest time-out that there is: what finds no way out is waited for, again and again.
  needs: ['pkt-timeout'],
  budgetMs: 180_000,
  async run(rig) {
    const listener = await rig.listener();
    const published = listener.gate({ dir: 'up', type: 'PUBLISH' }, count());
    const client = await connectedClient(rig, { info: { pktTimeout: 1, retryTimes: 0 } });
    const connection = await newestConnection(rig);

    connection.stopReading();
    const { taken, refusal } = await fillSendBuffer(rig, client);
    const filter = { length: 2 * SMALLEST_BYTES, pattern: 'long' };
    const subscribe = await client.subscribe(filter, 1);
    const unsubscribe = await client.unsubscribe(filter);
    connection.resumeReading();

    rig.observe('D-7', 'a publish without room returns', refusal ?? 'there is room without end');
    rig.observe('D-7', 'a subscribe without room returns', subscribe.ret);
    rig.observe('D-7', 'an unsubscribe without room returns', unsubscribe.ret);
    await rig.wait('all that was taken is sent', rig.deadlines.requestMs, (budgetMs) => {
      return Promise.race([published.waitForCount(taken, budgetMs), connection.waitForClose(budgetMs)]);
    });
    for (const request of [subscribe, unsubscribe])
      if (request.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await request.callback();
  },
});
