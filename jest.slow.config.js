/** Slow tests: checks on real models and data that take minutes, a fixed subsample of `npm run verify`. */
import { shared } from './jest.config.js';

export default {
  ...shared,
  testMatch: ['<rootDir>/test/**/*.slow.test.ts'],
  testTimeout: 300_000,
  // A tier whose cases all skip (no fixtures on this machine) is a pass that says so.
  passWithNoTests: true,
};
