import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    testTimeout: 60_000,
    // Two cores: more workers only make the inference tests wait for each other.
    maxWorkers: 2,
  },
});
