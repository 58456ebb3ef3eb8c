import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { newestConnection } from './support/newest-connection.ts';
import { recordedEnd } from './support/recorded-end.ts';

/** The shortest that there is: it is whole seconds on the wire. */
const KEEP_ALIVE_S = 1;
const BETWEEN_MESSAGES_MS = 150;
/** Where next to nothing is done it is next to nothing; a task that never waits takes all that it is given. */
const BUSY_PERCENT = 25;

scenario({
  id: 'keep-alive/pings',
  title: 'PINGREQ comes within the keep-alive, and none where the keep-alive is 0',
  clauses: ['MQTT-3.1.2-23', 'MQTT-3.1.2.10', 'M-5.keep-alive'],
  async run(rig) {
    const silent = await connectedClient(rig, { info: { keepAlive: 0 } });
    await connectedClient(rig, { info: { keepAlive: KEEP_ALIVE_S } });
    const { conn } = await newestConnection(rig);
    const listener = await rig.listener();

    for (const nth of ['first', 'second']) {
      await rig.wait(`the ${nth} PINGREQ`, 2 * KEEP_ALIVE_S * 1000, (budgetMs) => {
        return listener.waitForFrame({ dir: 'up', type: 'PINGREQ', conn }, budgetMs);
      });
    }

    rig.expect.frame({ dir: 'up', type: 'PINGREQ', slot: silent.slot }, { max: 0 }, 'MQTT-3.1.2.10');
  },
});

scenario({
  id: 'keep-alive/despite-inbound',
  title: 'messages from the server do not postpone PINGREQ',
  clauses: ['MQTT-3.1.2-23'],
  async run(rig) {
    await connectedClient(rig, { info: { keepAlive: KEEP_ALIVE_S } });
    const listener = await rig.listener();
    const connection = await newestConnection(rig);
    const message = encode.publish({ topic: rig.topic('in'), payload: 'chatter' });
    const chatter = setInterval(() => connection.inject(message), BETWEEN_MESSAGES_MS);

    try {
      await rig.wait('PINGREQ', 2 * KEEP_ALIVE_S * 1000, (budgetMs) => {
        return listener.waitForFrame({ dir: 'up', type: 'PINGREQ' }, budgetMs);
      });
    } finally {
      clearInterval(chatter);
    }
  },
});

scenario({
  id: 'keep-alive/answered',
  title:
    'a session whose PINGREQs are answered outlives the time in which an answer must come, and whether it keeps the processor busy is recorded',
  clauses: ['M-6.exception', 'M-14.is-connected', 'D-27'],
  // A real module is given a minute to answer a ping.
  budgetMs: 120_000,
  async run(rig) {
    const client = await connectedClient(rig, { info: { keepAlive: KEEP_ALIVE_S } });
    // What is in use is counted from here on.
    await rig.module.stats();

    await rig.quiet('answered pings are no loss', rig.deadlines.pingMs + KEEP_ALIVE_S * 1000);
    const { cpu } = await rig.module.stats();

    if (cpu !== undefined) rig.observe('D-27', 'an idle session keeps the processor busy', cpu >= BUSY_PERCENT);
    rig.expect.exception(client, 0, 'M-6.exception');
    rig.expect.returns(await client.isConnected(), [1], 'M-14.is-connected');
  },
});

scenario({
  id: 'keep-alive/no-pingresp',
  title: 'a PINGREQ that is never answered breaks the session, and the client can connect again',
  clauses: ['M-6.keep-alive-timeout', 'M-6.exception', 'M-17.reconnect', 'D-8', 'D-26'],
  async run(rig) {
    const listener = await rig.listen({ peer: answeringPeer({ PINGREQ: () => undefined }) });
    const client = await connectedClient(rig, { info: { keepAlive: KEEP_ALIVE_S } });
    const connection = await newestConnection(rig);
    const exception = client.exception();
    const pingreq = rig.wait('PINGREQ', 2 * KEEP_ALIVE_S * 1000, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'PINGREQ' }, budgetMs);
    });

    const [before, told] = await Promise.all([pingreq.then(() => rig.module.readClock()), exception]);
    rig.observe('D-8', 'a PINGRESP that never comes is an exception after, ms', told.t - before);
    rig.expect.exception(client, 1, 'M-6.keep-alive-timeout');
    await recordedEnd(rig, connection, 'a missing PINGRESP');

    await completed(rig, await client.connect(), 'M-4.connect-callback');
  },
});
