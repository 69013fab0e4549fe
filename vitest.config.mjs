import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    // For what hangs. A busy machine may take many times what a quiet one does.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores: more workers only make the inference tests wait for each other.
    maxWorkers: 2,
  },
});
