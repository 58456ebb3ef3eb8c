type Hook = (body: () => Promise<void>, timeoutMs: number) => void;
type Test = (name: string, body: () => Promise<void>, timeoutMs: number) => void;
type Expect = { getState(): { readonly testPath?: string } };

/** What scenarios need of Jest. Read from the globals, so that a scenario file can be imported without Jest. */
export interface JestGlobals {
  readonly test: Test;
  readonly afterAll: Hook;
  /** Path of the test file. */
  file(): string;
}

/** Undefined outside Jest. */
export function findJest(): JestGlobals | undefined {
  const test: unknown = Reflect.get(globalThis, 'test');
  const afterAll: unknown = Reflect.get(globalThis, 'afterAll');
  const expect: unknown = Reflect.get(globalThis, 'expect');
  if (!isTest(test) || !isHook(afterAll) || !hasState(expect)) return undefined;
  return { test, afterAll, file: () => expect.getState().testPath ?? '' };
}

function isTest(candidate: unknown): candidate is Test {
  return typeof candidate === 'function';
}

function isHook(candidate: unknown): candidate is Hook {
  return typeof candidate === 'function';
}

function hasState(candidate: unknown): candidate is Expect {
  return typeof candidate === 'function' && 'getState' in candidate && typeof candidate.getState === 'function';
}
