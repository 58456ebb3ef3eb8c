import type { ShimText } from '../../protocol/arguments.ts';
import { ERROR_CODES } from '../../protocol/codes.ts';
import { crc32 } from '../../protocol/crc32.ts';
import { CLIENT_PREFIX } from '../reach/broker-side.ts';
import { TrialClient } from '../reach/trial-client.ts';
import { connected, nameError } from './connected.ts';
import type { Fact, Look } from './fact.ts';
import type { FirstHour } from './first-hour.ts';

const TOPIC = `${CLIENT_PREFIX}/bringup`;
const CLOCK_PAUSE_MS = 1_000;
const CYCLES = 12;
const CLIENTS = 5;
const IN_FLIGHT = 4;
const RECEIVED_BYTES = 4_096;
const WITH_NULS = Buffer.from([0x71, 0, 0x6c, 0, 0, 0xff, 0, 0x7f]);

/** How ql_mqtt behaves where the manual leaves it open and every scenario relies on it. */
export const CLIENT_FACTS: readonly Fact[] = [
  {
    id: 'even-clock',
    mark: 'inferred',
    says: 'ql_rtos_up_time_ms counts milliseconds, evenly',
    probe: 'two calls of `is_connected`, a second apart, by both clocks',
    ifNot: 'whatever compares times across the clocks finds nonsense: report both figures before a run is believed',
    look: async (hour) => {
      const module = await hour.module();
      await using client = await TrialClient.onFreeSlot(module);
      await client.init();
      const first = await client.timed(() => hour.parts.nowMs());
      await hour.parts.pause(CLOCK_PAUSE_MS);
      const second = await client.timed(() => hour.parts.nowMs());
      const [moduleMs, hostMs] = [second.moduleMs - first.moduleMs, second.askedMs - first.askedMs];
      const uncertainMs = first.tookMs + second.tookMs + 2 + hostMs / 100;
      return {
        holds: Math.abs(moduleMs - hostMs) <= uncertainMs,
        saw: `${moduleMs} ms passed on the module, ${hostMs} ms here, uncertain by ${Math.ceil(uncertainMs)} ms`,
      };
    },
  },
  {
    id: 'plain',
    mark: 'unknown',
    says: '`mqtt://` without an ssl_cfg is plain MQTT; connect returns WOUNDBLOCK, its callback has status 0 and the arg that was given',
    probe: '`init`, `connect`; the first bytes at the broker',
    ifNot: 'every scenario begins like this: nothing of a run means anything before it is understood',
    look: async (hour) =>
      await connected(hour, async ({ client, door, callback, connect }) => {
        await client.deinit();
        const { frames, hasClientHello } = await door.seen();
        const hasArg = callback.arg === connect.call.token;
        return {
          holds: frames[0] === 'up CONNECT' && !hasClientHello && hasArg,
          saw: `${frames[0] ?? 'no frame'} came; the callback had ${hasArg ? 'its own arg' : 'another arg'} and client ${callback.client}`,
        };
      }),
  },
  {
    id: 'callback-task',
    mark: 'inferred',
    says: "callbacks come on a task of the library's, not on the one that called",
    probe: '`connect`: tasks of call and callback',
    ifNot:
      'a call that waits for its own callback would never return: report it, scenarios of reactions then test something else',
    look: async (hour) =>
      await connected(hour, async ({ callback, connect }) => ({
        holds: callback.task !== connect.task,
        saw: `called on task ${connect.task}, called back on task ${callback.task}`,
      })),
  },
  {
    id: 'request-err',
    mark: 'inferred',
    says: 'err 0 in the request callback is success, for SUBSCRIBE and for PUBLISH of each QoS',
    probe: 'one of each',
    ifNot: 'the verdict on every request rests on it: report the values',
    look: async (hour) =>
      await connected(hour, async ({ client }) => {
        const errs = [(await client.requestResult(await client.subscribe(TOPIC, 2))).err];
        for (const qos of [0, 1, 2]) {
          errs.push((await client.requestResult(await client.publish(TOPIC, 'x', qos))).err);
        }
        return { holds: errs.every((err) => err === 0), saw: `err ${errs.join(', ')} of subscribe, QoS 0, 1, 2` };
      }),
  },
  {
    id: 'payload',
    mark: 'inferred',
    says: 'a payload is as long as its length says, NUL bytes and all',
    probe: 'a message of 8 bytes, four of them NUL, to itself',
    ifNot: 'the payloads of a run hold NULs: report what came',
    look: async (hour) => await echo(hour, { hex: WITH_NULS.toString('hex') }, WITH_NULS),
  },
  {
    id: 'receive-size',
    mark: 'unknown',
    says: `the library receives a message of ${RECEIVED_BYTES} bytes whole, without being told a buffer size`,
    probe: 'such a message to itself',
    ifNot:
      'set REC_BUF_MAX with setopt where the SDK has it; scenarios of payloads will fail or deviate for this reason',
    look: async (hour) => await echo(hour, { pattern: 'q', length: RECEIVED_BYTES }, Buffer.alloc(RECEIVED_BYTES, 'q')),
  },
  {
    id: 'leave',
    mark: 'unknown',
    says: 'disconnect has its callback with err 0, and the connection is closed',
    probe: '`disconnect`; what the broker sees',
    ifNot: 'each scenario ends like this: report what came instead',
    look: async (hour) =>
      await connected(hour, async ({ client, door }) => {
        const { err } = await client.disconnectResult(await client.disconnect());
        const { frames } = await door.seen();
        return { holds: err === 0, saw: `err ${err}; the broker saw ${frames.join(', ')}` };
      }),
  },
  {
    id: 'again',
    mark: 'unknown',
    says: 'a client that was deinitialised can be initialised again, as often as one likes',
    probe: `\`init\` and \`deinit\`, ${CYCLES} times`,
    ifNot: 'handles leak: a run of hundreds of scenarios needs a reset every so many of them; report the number',
    look: async (hour) => {
      const handles: number[] = [];
      for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
        await using client = await TrialClient.onFreeSlot(await hour.module());
        const init = await client.init();
        if (init.ret !== 0) return { holds: false, saw: `init ${cycle} returned ${nameError(init.ret)}` };
        handles.push(init.handle);
        const deinit = await client.deinit();
        if (deinit.ret !== 0) return { holds: false, saw: `deinit ${cycle} returned ${nameError(deinit.ret)}` };
      }
      return { holds: true, saw: `handles ${[...new Set(handles)].join(', ')}` };
    },
  },
  {
    id: 'clients',
    mark: 'inferred',
    says: `there may be ${CLIENTS} clients at once`,
    probe: `\`init\` on ${CLIENTS + 1} slots, then \`deinit\` of all`,
    ifNot: 'correct `limits.clients` of the SKU in fixtures/skus; scenarios with several clients go by it',
    look: async (hour) => {
      const module = await hour.module();
      const returns: number[] = [];
      const open: TrialClient[] = [];
      try {
        for (let count = 1; count <= CLIENTS + 1; count += 1) {
          const client = await TrialClient.onFreeSlot(module);
          open.push(client);
          returns.push((await client.init()).ret);
        }
      } finally {
        for (const client of open) await client[Symbol.asyncDispose]();
      }
      const made = returns.filter((ret) => ret === ERROR_CODES.MQTTCLIENT_SUCCESS).length;
      return {
        holds: made >= CLIENTS,
        saw: `${made} were made; the last init returned ${nameError(returns.at(-1) ?? 0)}`,
      };
    },
  },
  {
    id: 'in-flight',
    mark: 'inferred',
    says: `a client takes ${IN_FLIGHT} requests before the first is answered`,
    probe: `${IN_FLIGHT + 1} QoS 1 publishes whose PUBACKs the broker keeps`,
    ifNot: 'correct `limits.requestsInFlight` of the SKU in fixtures/skus; scenarios that keep answers back go by it',
    look: async (hour) =>
      await connected(hour, async ({ client, door }) => {
        door.holdAcknowledgements();
        const returns: number[] = [];
        for (let count = 1; count <= IN_FLIGHT + 1; count += 1) {
          returns.push((await client.publish(TOPIC, 'x', 1)).ret);
        }
        const taken = returns.filter((ret) => ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK).length;
        const saw = `${taken} were taken; the last publish returned ${nameError(returns.at(-1) ?? 0)}`;
        return { holds: taken >= IN_FLIGHT, saw };
      }),
  },
  {
    id: 'request-ends',
    mark: 'unknown',
    says: 'with pkt_timeout and retry_times 0, as a run leaves them, a request without an answer ends with a callback within 90 s',
    probe: 'a QoS 1 publish whose PUBACK the broker keeps',
    ifNot:
      'scenarios of withheld answers end inconclusive: report how long was waited; pktTimeout in the connect may be needed',
    look: async (hour) =>
      await connected(hour, async ({ client, door }) => {
        door.holdAcknowledgements();
        const published = await client.publish(TOPIC, 'x', 1);
        const { err, t } = await client.requestResult(published);
        const tookS = Math.round((t - published.atMs) / 100) / 10;
        return { holds: err !== 0, saw: `err ${err} after ${tookS} s` };
      }),
  },
  {
    id: 'loss',
    mark: 'inferred',
    says: 'a connection that the broker resets is told by the exception callback within 90 s',
    probe: 'the broker resets the connection',
    ifNot: 'the library does not notice: every scenario of a loss will fail; report it, and look at the keep-alive',
    look: async (hour) =>
      await connected(hour, async ({ client, door }) => {
        const exception = client.exception();
        // A request in between, or a transcript would play the exception before it is waited for.
        await (await hour.module()).slots();
        door.dropConnections();
        const { client: pointer } = await exception;
        return { holds: true, saw: `it came, with client ${pointer}` };
      }),
  },
];

/** Has the module send itself a payload, and compares what comes back with these bytes. */
async function echo(hour: FirstHour, sent: ShimText, bytes: Buffer): Promise<Look> {
  return await connected(hour, async ({ client }) => {
    await client.setInpubCallback();
    await client.requestResult(await client.subscribe(TOPIC, 1));
    const answer = Promise.race([client.received(), client.exception()]);
    answer.catch(() => undefined); // awaited below, unless the publish fails before it
    await client.publish(TOPIC, sent, 1);
    const event = await answer;
    if (event.cb === 'exception') return { holds: false, saw: 'the connection was lost instead' };
    const { payload } = event;
    const isWhole = payload?.length === bytes.length && payload.crc32 === crc32(bytes);
    const saw = `${payload?.length ?? 0} of ${bytes.length} bytes came, ${isWhole ? 'the same' : 'others'}`;
    return { holds: isWhole, saw };
  });
}
