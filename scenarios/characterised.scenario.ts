import { count } from '../broker/faults/count.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import type { ConnectInfo, ShimText } from '../harness/protocol/arguments.ts';
import { type Rig, scenario } from '../harness/run/scenario.ts';
import { CLIENT_FILES, clientFiles } from './support/client-files.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { newestConnection } from './support/newest-connection.ts';
import { statusOfConnect } from './support/status-of-connect.ts';

/*
 * Where nobody says what is right, these record what is so: per SKU and firmware, to be compared (docs/observations.md). None of
 * them asserts a value; the rules judge what they do like anything else.
 */

const ACCEPTED: readonly number[] = [0, -2];

scenario({
  id: 'characterised/returns-and-task',
  title: 'what calls return that are accepted, and which task calls back, is recorded',
  clauses: ['D-22', 'D-12'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);
    using heard = rig.callbacks();
    const topic = rig.topic('loop');

    const calls = [await client.connect()];
    for (const connect of calls) await completed(rig, connect, 'M-4.connect-callback');
    calls.push(await client.setInpubCallback(), await client.subscribe(topic, 1));
    await calls.at(-1)?.callback();
    const received = client.received();
    for (const qos of [0, 1, 2]) {
      const publish = await client.publish({ topic, payload: 'round', qos });
      calls.push(publish);
      await completed(rig, publish, 'M-10.request-callback');
    }
    await received;
    calls.push(await client.disconnect());
    await calls.at(-1)?.callback();

    for (const { fn, ret } of calls.filter((call) => ACCEPTED.includes(call.ret)))
      rig.observe('D-22', `${fn} returns when it is accepted`, ret);
    const callers = new Set(calls.map(({ task }) => task));
    const callbacks = new Set(heard.all.map(({ task }) => task));
    rig.observe('D-12', 'task that callbacks run on', describeTasks(callers, callbacks));
  },
});

/** Task numbers are the module's own and tell nothing by themselves. */
function describeTasks(callers: ReadonlySet<number>, callbacks: ReadonlySet<number>): string {
  if (callbacks.size > 1) return 'several tasks';
  return [...callbacks].some((task) => callers.has(task)) ? 'the caller’s' : 'one of their own';
}

const TEXT_BYTES = [23, 24, 64, 255, 256, 257, 1024, 4096] as const;
const TEXTS: readonly { readonly name: string; readonly info: (text: ShimText) => ConnectInfo }[] = [
  { name: 'client id', info: (clientId) => ({ clientId }) },
  { name: 'user name', info: (user) => ({ user }) },
  { name: 'password', info: (pass) => ({ user: 'user', pass }) },
];

for (const { name, info } of TEXTS) {
  scenario({
    id: `characterised/longest-${name.replaceAll(' ', '-')}`,
    title: `how long a ${name} may be is recorded, up to ${TEXT_BYTES.at(-1)} bytes`,
    clauses: ['D-7'],
    async run(rig) {
      await rig.listen({ peer: answeringPeer() });
      const client = await initialisedClient(rig);
      let longest = 0;

      for (const length of TEXT_BYTES) {
        const connect = await client.connect({ info: info({ pattern: 'abcdefgh', length }) });
        if ((await statusOfConnect(connect)) !== 0) break;
        longest = length;
        await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
      }

      rig.observe('D-7', `longest ${name} that connects, bytes`, longest);
    },
  });
}

const PAYLOAD_BYTES = [1460, 4096, 16_384, 32_768, 65_535] as const;

scenario({
  id: 'characterised/largest-out',
  title: 'how large a payload may be that is published is recorded',
  clauses: ['D-7'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await connectedClient(rig);
    let largest = 0;

    for (const length of PAYLOAD_BYTES) {
      const publish = await client.publish({ topic: rig.topic('out'), payload: { length, seed: 7 }, qos: 1 });
      if (!ACCEPTED.includes(publish.ret)) break;
      const told = await publish.callback();
      if (!('err' in told) || told.err !== 0) break;
      largest = length;
    }

    rig.observe('D-7', 'largest payload that was published, bytes', largest);
  },
});

scenario({
  id: 'characterised/tls-by-scheme',
  title: 'whether a mqtts:// host is enough to have TLS is recorded',
  clauses: ['D-1'],
  over: ['mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { ssl: null } });

    rig.observe(
      'D-1',
      'status, or return, of a connect to a mqtts:// host without ssl_cfg',
      await statusOfConnect(connect),
    );
  },
});

for (const verifyLevel of [0, 1]) {
  scenario({
    id: `characterised/client-certificate-at-level-${verifyLevel}`,
    title: `whether a client certificate is shown at verify level ${verifyLevel} is recorded`,
    clauses: ['D-10'],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen({ tls: { clientCa: rig.tls.ca, requestClientCert: 'required' } });
      const client = await initialisedClient(rig);
      await using _files = await clientFiles(rig, 'good');

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel, ...CLIENT_FILES }) } });

      // The server takes nobody without one.
      const isShown = (await statusOfConnect(connect)) === 0;
      rig.observe('D-10', `a client certificate is shown at verify level ${verifyLevel}`, isShown);
    },
  });
}

scenario({
  id: 'characterised/verify-level-0',
  title: 'whether verify level 0 takes a server of an authority that nobody knows is recorded',
  clauses: ['D-10'],
  over: ['mqtts'],
  async run(rig) {
    await rig.listen({ identity: 'unknown-ca' });
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: 0 }) } });

    rig.observe(
      'D-10',
      'status of a connect to an unknown authority’s server at verify level 0',
      await statusOfConnect(connect),
    );
  },
});

scenario({
  id: 'characterised/after-a-loss',
  title: 'whether the module connects again by itself after a loss is recorded',
  clauses: ['D-14'],
  async run(rig) {
    const listener = await rig.listener();
    const client = await connectedClient(rig);
    const connection = await newestConnection(rig);
    const connects = listener.gate({ dir: 'up', type: 'CONNECT' }, count());
    const exception = client.exception();

    connection.end('rst');
    await exception;
    await rig.quiet('nobody asks for another connection');

    rig.observe('D-14', 'the module connects again by itself after a loss', connects.count > 0);
  },
});

scenario({
  id: 'characterised/after-disconnect',
  title: 'whether the user’s own disconnect is told as an exception, too, is recorded',
  clauses: ['D-13', 'M-6.only-abnormal'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    using heard = rig.callbacks();

    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
    await rig.quiet('an exception would have come');

    const isTold = heard.all.some(({ cb, slot }) => cb === 'exception' && slot === client.slot);
    rig.observe('D-13', 'the user’s own disconnect calls the exception callback too', isTold);
  },
});

scenario({
  id: 'characterised/connect-copies',
  title: 'whether connect copies its strings is recorded',
  clauses: ['D-20'],
  async run(rig) {
    const listener = await rig.listener();
    const client = await initialisedClient(rig);
    const clientId = rig.topic('as-it-was');
    const seen = rig.wait('CONNECT', rig.deadlines.connectMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'CONNECT' }, budgetMs);
    });
    seen.catch(() => undefined); // awaited below; this keeps a connect that sends nothing from leaving it unhandled

    const connect = await client.connect({ info: { clientId }, after: 'poison' });
    const status = await statusOfConnect(connect);
    if (status !== 0) return rig.observe('D-20', 'connect copies its client id', `it ends with ${status}`);

    const { packet } = await seen;
    if (packet.type === 'CONNECT') rig.observe('D-20', 'connect copies its client id', packet.clientId === clientId);
  },
});

/** How often and how long the module tries by itself, where the API can say it: 0 may mean none, or as the module likes. */
scenario({
  id: 'characterised/zero-retries',
  title: 'what pkt_timeout 0 and retry_times 0 mean is recorded',
  clauses: ['D-8'],
  needs: ['pkt-timeout'],
  async run(rig) {
    const { transmissions, afterMs, end } = await unanswered(rig, { pktTimeout: 0, retryTimes: 0 });

    rig.observe('D-8', 'transmissions of a PUBLISH that nobody answers, with retry_times 0', transmissions);
    rig.observe('D-8', 'a request is given up with pkt_timeout 0, ms', afterMs);
    rig.observe('D-3', 'err of a request that timed out', end);
  },
});

/** A QoS 1 publish that is never acknowledged. */
async function unanswered(rig: Rig, info: ConnectInfo) {
  const listener = await rig.listen({ peer: answeringPeer({ PUBLISH: () => undefined }) });
  const client = await connectedClient(rig, { info });
  const publishes = listener.gate({ dir: 'up', type: 'PUBLISH' }, count());
  const publish = await client.publish({ topic: rig.topic('out'), payload: 'unheard', qos: 1 });
  const told = await publish.callback();
  return { transmissions: publishes.count, afterMs: told.t - publish.atMs, end: 'err' in told ? told.err : 'no err' };
}
