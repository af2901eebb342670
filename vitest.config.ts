// Tests mirror src/. One worker at a time: training tests each want all cores, and memory is shared with JupyterLab.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { 'model-types': new URL('./src/index.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
