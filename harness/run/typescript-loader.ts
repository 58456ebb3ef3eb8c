import type { LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

/** A module hook of Node: loads a user's scenarios written in TypeScript, for `list` and for selecting what to run. */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { code } = await transformFile(fileURLToPath(url), {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: { verbatimModuleSyntax: true } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
};
