import { expect, test } from '@jest/globals';
import { withResolvers } from '../rpc/with-resolvers.ts';
import { Acknowledger } from './acknowledger.ts';
import { EventStream } from './event-stream.ts';
import { SESSION_TIMING } from './session-timing.ts';

const event = (seq: number) => ({ seq, t: seq, e: 'network', what: 'data-call', value: 'up' });

/** Event 2 is missing and was asked for again; the module answers that it has those from `from` on. */
async function afterAnswer(arrivedMeanwhile: readonly number[], from: number) {
  const losses: string[] = [];
  const delivered: number[] = [];
  const asked: number[] = [];
  const answer = withResolvers<{ from: number; last: number }>();
  const stream = new EventStream({ deliver: ({ seq }) => delivered.push(seq), unreadable: (why) => losses.push(why) });
  const acknowledger = new Acknowledger({
    stream,
    timing: SESSION_TIMING,
    notify: () => undefined,
    ask: async () => ({ last: stream.last }),
    resend: (missing) => {
      asked.push(missing);
      return answer.promise;
    },
    hasRoom: () => true,
    isAwaited: () => true,
    onLoss: (what) => losses.push(what),
  });
  stream.accept([event(1), event(3)]);
  acknowledger.arrived(1000);
  stream.accept(arrivedMeanwhile.map((seq) => event(seq)));
  answer.resolve({ from, last: 3 });
  await new Promise((resolve) => setImmediate(resolve));
  return { asked, delivered, losses };
}

test('what came by another way before the module answered is not told as lost', async () => {
  expect(await afterAnswer([2], 4)).toEqual({ asked: [2], delivered: [1, 2, 3], losses: [] });
});

test('what the module no longer has is told, and does not hold up the rest', async () => {
  const losses = ['the module no longer has events 2 to 2'];
  expect(await afterAnswer([], 3)).toEqual({ asked: [2], delivered: [1, 3], losses });
});
