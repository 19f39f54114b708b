import base from './jest.config.js';

/** Tests on a real S3 and Batch (moto) with processes as containers: they need moto_server, which npm does not bring. */
export default {
  ...base,
  testEnvironment: '<rootDir>/jest.aws-environment.js',
  testMatch: ['<rootDir>/packages/*/test/**/*.aws.test.ts', '<rootDir>/examples/**/*.aws.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
