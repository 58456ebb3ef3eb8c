import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runBehindRelay } from './support/run-behind-relay.ts';
import { saidOf } from './support/said-of.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';
import { WORST_LINE } from './support/worst-line.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

// `npm run disturbed` is the long form of it: all scenarios, and 200 cuts.
test.each([
  ['a sound module', 'virtual?sdk=manual'],
  ['a module that loses callbacks', 'virtual?sdk=r03&defect=publish-callback-lost'],
])(
  'through noise, flipped bits, cut lines and re-openings the same is said of %s as without',
  async (name, spec) => {
    const common = {
      spec,
      seed: 20_260,
      words: ['--grep', '^(publish|connect|subscribe)/[^@]*@mqtt$', '--profile', 'smoke'],
    };

    const calm = await runBehindRelay({ ...common, folder: join(folder.path, name, 'calm') });
    const rough = await runBehindRelay({
      ...common,
      folder: join(folder.path, name, 'rough'),
      disturbance: WORST_LINE,
      cutEvery: 60,
    });

    expect(saidOf(rough.record)).toEqual(saidOf(calm.record));
    expect(calm.evidence.breaches).toEqual([]);
    expect(rough.evidence.breaches).toEqual([]);
    expect(rough.evidence.noise).toBeGreaterThan(calm.evidence.noise);
    expect(rough.connections).toBeGreaterThan(calm.connections);
  },
  300_000,
);
