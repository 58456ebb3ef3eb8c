import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { linkLatest, makeRunFolder } from './run-folder.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const at = new Date('2026-03-04T05:06:07.890Z');

test('two runs of the same second get folders of their own', () => {
  const names = [makeRunFolder(undefined, at, base), makeRunFolder(undefined, at, base)].map((path) => basename(path));

  expect(names).toEqual(['2026-03-04-050607', '2026-03-04-050607-2']);
});

test('a named folder that exists is refused', () => {
  expect(() => makeRunFolder(base, at)).toThrow(/exists already/u);
});

test('a folder that can not be made is said to be the one', () => {
  expect(() => makeRunFolder('/dev/null/run', at)).toThrow(/can't make \/dev\/null\/run/u);
});

test('latest follows the newest run', () => {
  linkLatest(makeRunFolder(undefined, at, base));
  linkLatest(makeRunFolder(undefined, at, base));

  expect(readlinkSync(join(base, 'latest'))).toBe('2026-03-04-050607-2');
});
