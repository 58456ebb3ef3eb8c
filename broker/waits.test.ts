import { expect, test } from '@jest/globals';
import { Waits } from './waits.ts';

function never(): () => void {
  return () => undefined;
}

test('a wait that expires names what it waited for and its budget', async () => {
  await expect(new Waits().waitFor('the PUBACK', 5, never)).rejects.toMatchObject({
    code: 'WAIT_EXPIRED',
    message: 'the PUBACK: not within 5 ms',
    data: { reason: 'the PUBACK', budgetMs: 5 },
  });
});

test('closing rejects every wait, and those that come after', async () => {
  const waits = new Waits();
  const results = Promise.allSettled([waits.waitFor('a', 1_000, never), waits.waitFor('b', 1_000, never)]);

  waits.close('connection 3');

  expect(await results).toMatchObject([
    { reason: { code: 'CLOSED', message: 'a: connection 3 is closed' } },
    { reason: { code: 'CLOSED', message: 'b: connection 3 is closed' } },
  ]);
  await expect(waits.waitFor('c', 1_000, never)).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a wait is disarmed once, whether it is fulfilled at once, later, or expires', async () => {
  const waits = new Waits();
  const disarmed: string[] = [];
  const note = (name: string) => () => void disarmed.push(name);

  await waits.waitFor<number>('at once', 1_000, (done) => {
    done(1);
    return note('at once');
  });
  await waits.waitFor<number>('later', 1_000, (done) => {
    setImmediate(() => done(2));
    return note('later');
  });
  await waits.waitFor('expires', 1, () => note('expires')).catch(() => undefined);

  expect(disarmed).toEqual(['at once', 'later', 'expires']);
});
