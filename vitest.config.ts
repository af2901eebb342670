// Tests mirror src/. One worker at a time: training tests each want all cores, and memory is shared with JupyterLab.
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { 'model-types': new URL('./src/index.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    // Programs of many Jupyter clients, in an environment of their own: npm run test:clients.
    exclude: [...configDefaults.exclude, ...(process.env.KERNEL_CLIENTS ? [] : ['test/kernel/clients/**'])],
    // XGBoost's threads wait for each other by spinning, which crawls where tests of other programs want the cores.
    env: { OMP_WAIT_POLICY: process.env.OMP_WAIT_POLICY ?? 'passive' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
