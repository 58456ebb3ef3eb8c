/** Unit tests, straight from TypeScript. Scenarios run from `dist` under `qlhil run`, with a configuration of its own. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{bench,bin,broker,harness,scenarios,test}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/out/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: { verbatimModuleSyntax: true } },
        module: { type: 'es6' },
      },
    ],
  },
  // A bound on hangs, not on speed: machines are shared.
  testTimeout: 30_000,
  coverageProvider: 'v8',
  reporters: ['default', '<rootDir>/test/support/plain-summary.mjs'],
};
