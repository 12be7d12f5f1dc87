/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Real shells and runners on a busy machine; only a failing test waits that long.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // unbash ships ES modules only; everything else in node_modules is plain CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!unbash/)'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/examples/', '<rootDir>/dist/'],
};
