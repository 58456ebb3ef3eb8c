import { expect, test } from '@jest/globals';
import type { LinkHappening } from '../protocol/link-happening.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import type { TransportFactory } from '../transport/line-transport.ts';
import { record } from '../transport/record.ts';
import { parseRecording, type RecordingEntry } from '../transport/recording.ts';
import { replay } from '../transport/replay.ts';
import { FakeModule, TEST_TIMING } from './fake-module.ts';
import { ModuleSession } from './session.ts';

const BUDGET_MS = 20_000;

interface Told {
  readonly events: ModuleEvent[];
  readonly happenings: LinkHappening[];
  readonly tokens: readonly number[];
}

/** A session with two calls, noise between them, and a re-opening. */
async function play(transport: TransportFactory, unplug: () => void): Promise<Told> {
  const events: ModuleEvent[] = [];
  const happenings: LinkHappening[] = [];
  const observer = {
    event: (event: ModuleEvent) => void events.push(event),
    happening: (happening: LinkHappening) => void happenings.push(happening),
  };
  await using session = await ModuleSession.open({ transport, timing: TEST_TIMING, observer });
  const connect = await session.call('mqtt.connect', { slot: 1, host: 'h', info: null });
  await connect.entered('connect', BUDGET_MS);
  unplug();
  const publish = await session.call('mqtt.publish', { slot: 1, topic: 'a', payload: 'b', qos: 1, retain: 0 });
  await publish.entered('request', BUDGET_MS);
  await session.sync();
  return { events, happenings, tokens: [connect.token, publish.token] };
}

/** What does not depend on tokens. */
function shapes({ events, tokens }: Told) {
  return events.map((event) => ({ ...event, token: undefined, arg: undefined, call: callOf(event, tokens) }));
}

function mishaps({ happenings }: Told) {
  return happenings.filter(({ k }) => k === 'noise' || k === 'reopen');
}

function callOf(event: ModuleEvent, tokens: readonly number[]): number {
  const token = 'token' in event ? event.token : 'arg' in event ? event.arg : -1;
  return tokens.indexOf(token);
}

async function recordedSession(): Promise<{ entries: RecordingEntry[]; told: Told }> {
  const module = new FakeModule();
  const entries: RecordingEntry[] = [];
  const unplug = () => {
    module.shim.sendRaw(Buffer.from([0xff, 0xfe, 0x0a]));
    module.shim.sendRaw('garbage\n');
    module.shim.unplug();
  };
  const told = await play(
    record(module.factory, (entry) => entries.push(entry)),
    unplug,
  );
  return { entries, told };
}

test('a recorded session plays back: the same events under the new tokens, the same noise, the same re-opening', async () => {
  const { entries, told } = await recordedSession();
  const text = entries.map((entry) => JSON.stringify(entry)).join('\n');

  const again = await play(replay(parseRecording(text)), () => undefined);

  expect(again.tokens).not.toEqual(told.tokens);
  expect(shapes(again)).toEqual(shapes(told));
  expect(mishaps(told)).toHaveLength(3);
  expect(mishaps(again)).toEqual(mishaps(told));
});

test('a host that asks something else sees the port close', async () => {
  const { entries } = await recordedSession();
  const timing = { ...TEST_TIMING, reopenMs: 20, helloMs: 10 };
  await using session = await ModuleSession.open({ transport: replay(entries), timing });

  await expect(session.request('slots', {})).rejects.toMatchObject({ code: 'PORT_LOST' });
});

test('a malformed line of a recording is named', () => {
  expect(() => parseRecording('{"k":"open","port":"p"}\n\n{"k":"sideways"}\n')).toThrow(/line 3/);
});
