import { join } from 'node:path';
import { defineConfig } from 'vite';

const NOTICE = '/*! Contains Preact (https://preactjs.com), MIT licence, © 2015-present Jason Miller. */';

/** One script and one style sheet, which the renderer puts into report.html. */
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    // No source map beside it: the page stands alone.
    sourcemap: false,
    lib: {
      entry: join(import.meta.dirname, 'main.tsx'),
      formats: ['iife'],
      name: 'qlhilPage',
      fileName: () => 'page.js',
      cssFileName: 'page',
    },
    rolldownOptions: { output: { postBanner: NOTICE } },
  },
});
