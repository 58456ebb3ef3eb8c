import { expect, test } from '@jest/globals';
import { spread } from './spread.ts';

test('a lane that is free takes the next item, and results come in the order of the items', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const done: string[] = [];

  const results = await spread(['slow', 'quick'], [1, 2, 3], async (lane, item) => {
    if (lane === 'slow') await opened;
    done.push(`${lane} ${item}`);
    if (item === 3) open();
    return item * 10;
  });

  expect(done).toEqual(['quick 2', 'quick 3', 'slow 1']);
  expect(results).toEqual([10, 20, 30]);
});

test('a task that fails fails the whole', async () => {
  await expect(spread(['a', 'b'], [1, 2, 3], (_, item) => Promise.reject(new Error(`item ${item}`)))).rejects.toThrow(
    'item 1',
  );
});
