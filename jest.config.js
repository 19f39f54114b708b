/** One jest for all packages: TypeScript is stripped, not compiled; the build checks the types. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  // Tests on real servers have a run of their own: jest.aws.config.js.
  modulePathIgnorePatterns: ['<rootDir>/docker/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '\\.aws(-long)?\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest.strip-types.js' },
  testSequencer: '<rootDir>/jest.long-first.js',
  // Two cores; what waits for processes, claims or clocks leaves one of them free.
  maxWorkers: 3,
  testTimeout: 900_000,
};
