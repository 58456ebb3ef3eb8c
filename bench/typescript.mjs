// Node 20 runs no TypeScript: `node --import ./bench/typescript.mjs bench/x.ts` does, once the harness is built.
import { register } from 'node:module';

register('../dist/harness/run/typescript-loader.js', import.meta.url);
