import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialEcho } from './bare/serial-echo.ts';
import { BenchModule } from './bench-module.ts';
import { inboundFlood } from './inbound-flood.ts';
import { atLeast, atMost, type Measure, median, quantile } from './measure.ts';

/* What the link costs and carries: against a bare program that asks over a PTY and is answered by an echo, block by block in turns. */
const BLOCKS = 40;
const CALLS_A_BLOCK = 300;
const IN_FLIGHT = 16;
const CALLS_IN_FLIGHT = 2000;
const MESSAGES = 10_000;
const RESETS = 10;
const BUDGET_MS = 20_000;

export async function* measures(): AsyncGenerator<Measure> {
  await using bench = await BenchModule.start();
  yield* roundTrip(bench);
  yield* inFlight(bench);
  const { perSecond, wrong } = await inboundFlood(bench, MESSAGES);
  yield atMost({ name: 'inbound messages lost or told twice', value: wrong, unit: 'messages', bar: 0 });
  yield atLeast({ name: 'inbound QoS 0 messages of 64 bytes', value: perSecond, unit: '/s', bar: 5000 });
  yield* reEnumeration(bench);
}

async function* roundTrip({ module }: BenchModule): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-echo-'));
  const echo = startEcho(folder);
  try {
    const [path]: Buffer[] = await once(echo.stdout, 'data');
    const bare = await SerialEcho.open(String(path).trim());
    const p50: number[] = [];
    const p99: number[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      const reference = await times(() => bare.ask());
      const ours = await times(() => module.readClock());
      p50.push(quantile(ours, 0.5) / quantile(reference, 0.5));
      p99.push(quantile(ours, 0.99) / quantile(reference, 0.99));
    }
    await bare.close();
    yield atMost({ name: 'round trip, p50, against a bare echo', value: median(p50), unit: '×', bar: 2 });
    yield atMost({ name: 'round trip, p99, against a bare echo', value: median(p99), unit: '×', bar: 3 });
  } finally {
    echo.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

function startEcho(folder: string) {
  const program = join(folder, 'echo');
  const source = join(import.meta.dirname, 'bare', 'echo.c');
  const { status, stderr } = spawnSync('cc', ['-O2', '-std=c99', '-o', program, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the echo does not compile: ${stderr}`);
  return spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** How long each of a block's calls took, ms. */
async function times(call: () => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let n = 0; n < CALLS_A_BLOCK; n++) {
    const began = performance.now();
    await call();
    taken.push(performance.now() - began);
  }
  return taken;
}

async function* inFlight({ module }: BenchModule): AsyncGenerator<Measure> {
  const clock: number[] = [];
  const calls: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    clock.push(await callsPerSecond(() => module.readClock()));
    calls.push(
      await callsPerSecond(async (n) => {
        const call = await module.call('mqtt.is_connected', { slot: n % 6 });
        await call.returned(BUDGET_MS);
      }),
    );
  }
  yield atLeast({ name: 'calls with 16 in flight', value: median(clock), unit: '/s', bar: 10_000 });
  yield atLeast({ name: 'is_connected with its events', value: median(calls), unit: '/s', bar: 5000 });
}

async function callsPerSecond(call: (n: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let left = CALLS_IN_FLIGHT;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call(left);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (CALLS_IN_FLIGHT * 1000) / (performance.now() - began);
}

/** From the moment at which the port is there again. */
async function* reEnumeration({ virtual, module }: BenchModule): AsyncGenerator<Measure> {
  const taken: number[] = [];
  for (let round = 0; round < RESETS; round++) {
    let pluggedMs = 0;
    const plugged = virtual.waitFor(
      ({ event }) => {
        if (event === 'plugged') pluggedMs = performance.now();
        return event === 'plugged';
      },
      BUDGET_MS,
      'the module to be plugged in again',
    );
    await virtual.control('kill');
    await plugged;
    await untilGood(() => module.readClock());
    taken.push((performance.now() - pluggedMs) / 1000);
  }
  yield atMost({ name: 're-enumeration to the next good call, longest', value: Math.max(...taken), unit: 's', bar: 1 });
}

/** A call that was under way when the module started again fails with that. */
async function untilGood(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'MODULE_RESET'))
        throw error;
    }
  }
}
