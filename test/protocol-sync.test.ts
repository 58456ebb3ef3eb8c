import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  ANSWERS_KEPT,
  BATCH_CALLS,
  CHUNK_BYTES,
  LINE_FROM_MODULE_BYTES,
  LINE_TO_MODULE_BYTES,
  PROTOCOL_VERSION,
  REQUESTS_OUTSTANDING,
  SLOTS,
} from '../harness/protocol/limits.ts';
import { isCallMethod, METHODS } from '../harness/protocol/methods.ts';
import { CALL_FUNCTIONS, CALLBACK_KINDS } from '../harness/protocol/module-event.ts';
import { SHIM_ERRORS } from '../harness/protocol/shim-errors.ts';

const root = join(import.meta.dirname, '..');
const shim = join(root, 'firmware', 'shim');

/** Rows of an X-macro file: the arguments of each `NAME(…)` at the start of a line. */
function rows(file: string, macro: string): string[][] {
  return readFileSync(join(shim, file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${macro}(`))
    .map((line) =>
      line
        .slice(macro.length + 1, line.lastIndexOf(')'))
        .split(',')
        .map((cell) => cell.trim().replaceAll('"', '')),
    );
}

/** `#define NAME value` in limits.h. */
function limit(name: string): string {
  const found = new RegExp(`^#define ${name} (?<value>.+)$`, 'm').exec(readFileSync(join(shim, 'limits.h'), 'utf8'));
  return found?.groups?.['value']?.replaceAll('"', '') ?? `${name} is not defined`;
}

test('the shim has the methods that the host knows, and no others', () => {
  const methods = rows('methods.def', 'METHOD').map(([name]) => name);

  expect(new Set(methods)).toEqual(new Set(Object.keys(METHODS)));
});

test('the shim takes the same methods for ql_mqtt calls', () => {
  const calls = rows('methods.def', 'METHOD').filter(([, , flags]) => flags?.includes('SHIM_METHOD_CALL'));

  expect(new Set(calls.map(([name]) => name))).toEqual(new Set(Object.keys(METHODS).filter(isCallMethod)));
});

test('the shim has the errors that the host knows, with the same numbers', () => {
  const errors = Object.fromEntries(rows('errors.def', 'ERROR').map(([name, code]) => [name, Number(code)]));

  expect(errors).toEqual(SHIM_ERRORS);
});

test('the protocol text lists the same errors', () => {
  const text = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8');
  const listed = [...text.matchAll(/^\| −(?<code>\d{5}) \| `(?<name>[A-Z_]+)` \|/gm)];

  expect(Object.fromEntries(listed.map(({ groups }) => [groups?.['name'], -Number(groups?.['code'])]))).toEqual(
    SHIM_ERRORS,
  );
});

test('the protocol text names every method', () => {
  const text = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8');

  expect(Object.keys(METHODS).filter((method) => !text.includes(`\`${method}`))).toEqual([]);
});

test('functions and callbacks have the same names in events', () => {
  expect(rows('functions.def', 'FUNCTION').map(([name]) => name)).toEqual([...CALL_FUNCTIONS]);
  expect(rows('callbacks.def', 'CALLBACK').map(([, name]) => name)).toEqual([...CALLBACK_KINDS]);
});

test('both sides have the same limits', () => {
  expect(limit('SHIM_PROTOCOL')).toBe(PROTOCOL_VERSION);
  expect(limit('SHIM_LINE_IN')).toBe(String(LINE_TO_MODULE_BYTES));
  expect(limit('SHIM_LINE_OUT')).toBe(String(LINE_FROM_MODULE_BYTES));
  expect(limit('SHIM_OUTSTANDING')).toBe(String(REQUESTS_OUTSTANDING));
  expect(limit('SHIM_ANSWERS_KEPT')).toBe(String(ANSWERS_KEPT));
  expect(limit('SHIM_BATCH')).toBe(String(BATCH_CALLS));
  expect(limit('SHIM_SLOTS')).toBe(String(SLOTS));
  expect(limit('SHIM_CHUNK_MAX')).toBe(String(CHUNK_BYTES));
});
