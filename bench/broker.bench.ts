import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { qos1Publisher } from './bare/qos1-publisher.ts';
import { atLeast, median } from './measure.ts';

/*
 * What tap, linter and timeline cost: QoS 1 messages a second through our broker against aedes alone, in processes of their own,
 * from the same client over the same kind of socket, block by block in turns. The median of the blocks' ratios counts: what
 * disturbs a shared machine disturbs a few of them. The loads are what a module can make: a firmware that publishes again when its
 * callback came, and one that has as many requests in flight as the API allows.
 */
const BLOCKS = 15;
const MESSAGES = 4000;
const REQUESTS_IN_FLIGHT = [1, 4];
const BAR = 0.7;

type BrokerProcess = ChildProcessByStdio<Writable, Readable, null>;

export async function* measures() {
  const loader = ['--import', join(import.meta.dirname, 'typescript.mjs')];
  const bare = start([join(import.meta.dirname, 'bare', 'aedes-broker.mjs')]);
  const ours = start([...loader, join(import.meta.dirname, 'tapped-broker.ts')]);
  try {
    const [barePort, ourPort] = await Promise.all([portOf(bare), portOf(ours)]);
    for (const inFlight of REQUESTS_IN_FLIGHT) {
      await qos1Publisher(barePort, MESSAGES, inFlight);
      await qos1Publisher(ourPort, MESSAGES, inFlight);
      const ratios: number[] = [];
      for (let block = 0; block < BLOCKS; block++) {
        const reference = await qos1Publisher(barePort, MESSAGES, inFlight);
        ratios.push((await qos1Publisher(ourPort, MESSAGES, inFlight)) / reference);
      }
      const name = `QoS 1 messages a second, ${inFlight} in flight, through tap, linter and timeline against bare aedes`;
      yield atLeast({ name, value: median(ratios), unit: '×', bar: BAR });
    }
  } finally {
    bare.stdin.end();
    ours.stdin.end();
  }
}

function start(words: readonly string[]): BrokerProcess {
  return spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function portOf({ stdout }: BrokerProcess): Promise<number> {
  const [line]: Buffer[] = await once(stdout, 'data');
  return Number(line);
}
