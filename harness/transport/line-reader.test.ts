import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LineReader, type LineReaderOptions } from './line-reader.ts';

interface Heard {
  readonly lines: string[];
  readonly noise: { readonly length: number; readonly why: string; readonly head: number }[];
}

/** Feeds the chunks and gives the parser the turns that it wants. */
async function read(chunks: readonly Buffer[], options: LineReaderOptions = {}): Promise<Heard> {
  const heard: Heard = { lines: [], noise: [] };
  const reader = new LineReader(
    {
      line: (bytes) => heard.lines.push(bytes.toString('latin1')),
      noise: (bytes, length, why) => heard.noise.push({ length, why, head: bytes.length }),
    },
    options,
  );
  await new Promise((resolve) => setImmediate(resolve));
  for (const chunk of chunks) reader.feed(chunk);
  await new Promise((resolve) => setImmediate(resolve));
  reader.stop();
  return heard;
}

test('lines that arrive together stay apart', async () => {
  expect((await read([Buffer.from('a\nb\nc\n')])).lines).toEqual(['a', 'b', 'c']);
});

test('empty lines mean nothing', async () => {
  expect((await read([Buffer.from('\n\na\n\n')])).lines).toEqual(['a']);
});

test('bytes that are not UTF-8 arrive as they are', async () => {
  expect((await read([Buffer.from([0xff, 0x00, 0x80, 0x0a])])).lines).toEqual(['\u00ff\u0000\u0080']);
});

test('a line over the limit is noise as a whole, and the lines around it are not', async () => {
  const long = 'x'.repeat(50);

  const heard = await read([Buffer.from(`a\n${long}\nb\n`)], { limitBytes: 10 });

  expect(heard).toEqual({ lines: ['a', 'b'], noise: [{ length: 50, why: 'too-long', head: 11 }] });
});

test('however the bytes are cut into chunks, the same lines come out', async () => {
  const bytes = fc.stringMatching(/^[ab\n]{0,120}$/).map((text) => Buffer.from(text));
  const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(bytes, cuts, async (all, at) => {
      const edges = [0, ...at.filter((edge) => edge < all.length).toSorted((a, b) => a - b), all.length];
      const chunks = edges.slice(1).map((edge, index) => all.subarray(edges[index], edge));
      const lines = all.toString().split('\n').slice(0, -1);

      const heard = await read(chunks, { limitBytes: 8 });

      expect(heard.lines).toEqual(lines.filter((line) => line.length > 0 && line.length <= 8));
      expect(heard.noise.map(({ length }) => length)).toEqual(
        lines.map((l) => l.length).filter((length) => length > 8),
      );
    }),
  );
});

test('twenty megabytes without a line end cost no memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x');

  const heard = await read([...Array.from({ length: 320 }, () => chunk), Buffer.from('\nok\n')]);

  expect(heard.lines).toEqual(['ok']);
  expect(heard.noise).toEqual([{ length: 320 * 64 * 1024, why: 'too-long', head: 8192 }]);
});

test('a line that began and did not end is told once', async () => {
  const told = new EventEmitter();
  const noise: string[] = [];
  const reader = new LineReader(
    {
      line: () => undefined,
      noise: (_bytes, length, why) => {
        noise.push(`${why} of ${length}`);
        told.emit('told');
      },
    },
    { halfLineMs: 20 },
  );
  // The reader's own timer does not keep the process alive; here something must.
  const alive = setInterval(() => undefined, 1000);

  reader.feed(Buffer.from('{"half'));
  await once(told, 'told');
  reader.feed(Buffer.from('\n{"other'));
  await once(told, 'told');

  expect(noise).toEqual(['half-line of 6', 'half-line of 7']);
  clearInterval(alive);
  reader.stop();
});
