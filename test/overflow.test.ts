import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { packageRoot } from '../harness/bench/package-root.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import type { TimelineEvent } from '../harness/timeline/events.ts';
import { readTimeline } from '../harness/timeline/read-timeline.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const MESSAGES = 400;
const DEAF_MS = 1500;
const BUDGET_MS = 120_000;

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('manual'), 600_000);

function urlOf(...parts: string[]): string {
  return pathToFileURL(join(packageRoot, 'dist', ...parts)).href;
}

/** Floods the module, and neither reads nor acknowledges meanwhile: its queue is bound to overflow. */
function writeFlood(): string {
  const path = join(folder.path, 'flood.scenario.ts');
  writeFileSync(
    path,
    `import { scenario, type Rig } from '${urlOf('harness', 'run', 'scenario.js')}';
    import { connectedClient } from '${urlOf('scenarios', 'support', 'connected-client.js')}';
    scenario({
      id: 'overflow/flood',
      title: 'more comes than the module can keep',
      clauses: [],
      async run(rig: Rig): Promise<void> {
        const client = await connectedClient(rig);
        await client.setInpubCallback();
        const [connection] = (await rig.listener()).connections;
        const topic = Buffer.from('flood');
        const message = Buffer.concat([Buffer.from([0x30, 3 + topic.length, 0, topic.length]), topic, Buffer.from('x')]);
        connection.inject(Buffer.concat(Array.from({ length: ${MESSAGES} }, () => message)));
        await new Promise((resolve) => setImmediate(resolve));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${DEAF_MS});
      },
    });`,
  );
  return path;
}

async function eventsOf(path: string): Promise<readonly TimelineEvent[]> {
  const events: TimelineEvent[] = [];
  for await (const event of (await readTimeline(path)).events) events.push(event);
  return events;
}

test(
  'when the module had to drop events, the count is exact and the scenario inconclusive',
  async () => {
    await qlhil(['run', writeFlood(), '--module', 'virtual?sdk=manual', '--out', 'record'], { cwd: folder.path });

    const { outcomes }: RunRecord = JSON.parse(readFileSync(join(folder.path, 'record', 'run.json'), 'utf8'));
    const [outcome] = outcomes;
    expect(outcome).toMatchObject({ outcome: 'inconclusive', why: expect.stringMatching(/the module lost events/u) });
    for (const { timeline } of outcome?.attempts ?? []) {
      const events = await eventsOf(join(folder.path, 'record', timeline));
      // The epilogue has a round trip of its own on another slot.
      const told = events.filter((event) => event.k === 'enter' && event.cb === 'inpub' && event.slot === 0).length;
      const lost = events.flatMap((event) => (event.k === 'lost' ? [event.counts['inpub'] ?? 0] : []));
      expect(lost.length).toBeGreaterThan(0);
      expect(told + lost.reduce((sum, count) => sum + count, 0)).toBe(MESSAGES);
    }
  },
  BUDGET_MS,
);
