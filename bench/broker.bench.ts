import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { qos1Publisher } from './bare/qos1-publisher.ts';

/*
 * What tap, linter and timeline cost: QoS 1 messages a second through our broker against aedes alone, in processes of their own,
 * block by block in turns. The median of the blocks' ratios counts: what disturbs a shared machine disturbs a few of them.
 */
const BLOCKS = 12;
const MESSAGES = 4000;
const WINDOW = 32;
const BAR = 0.7;

type BrokerProcess = ChildProcessByStdio<Writable, Readable, null>;

export async function* measures() {
  const loader = ['--import', join(import.meta.dirname, 'typescript.mjs')];
  const bare = start([join(import.meta.dirname, 'bare', 'aedes-broker.mjs')]);
  const ours = start([...loader, join(import.meta.dirname, 'tapped-broker.ts')]);
  try {
    const [barePort, ourPort] = await Promise.all([portOf(bare), portOf(ours)]);
    await qos1Publisher(barePort, MESSAGES, WINDOW);
    await qos1Publisher(ourPort, MESSAGES, WINDOW);
    const ratios: number[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      const reference = await qos1Publisher(barePort, MESSAGES, WINDOW);
      ratios.push((await qos1Publisher(ourPort, MESSAGES, WINDOW)) / reference);
    }
    const value = Number((ratios.toSorted((a, b) => a - b)[BLOCKS / 2] ?? 0).toFixed(3));
    const name = 'QoS 1 messages a second through tap, linter and timeline, against bare aedes';
    yield { name, value, unit: '×', bar: BAR, ok: value >= BAR };
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
