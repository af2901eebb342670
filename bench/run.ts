// npm run bench -- SUITE: measures ours and a reference in one run and prints both. README.md beside this says how to read it.
import { writeFile } from 'node:fs/promises';
import { type Options, readOptions, usage } from './options.js';
import { picture } from './picture.js';
import { asJson, asTable, type Report } from './report.js';

/** Each suite is loaded when it is asked for: one may need what another lacks. */
const suites: Readonly<Record<string, () => Promise<(options: Options) => Promise<Report>>>> = {
  'train-step': async () => (await import('./suites/train-step.js')).trainStep,
  strategies: async () => (await import('./suites/strategies.js')).strategies,
  accuracy: async () => (await import('./suites/accuracy.js')).accuracySuite,
  tabular: async () => (await import('./suites/tabular.js')).tabular,
  kernel: async () => (await import('./suites/kernel.js')).kernelSuite,
};

try {
  const options = readOptions(process.argv.slice(2));
  const load = suites[options.suite];
  if (load === undefined)
    throw new Error(`There is no suite "${options.suite}"; the suites are ${Object.keys(suites).join(', ')}. ${usage}`);
  const report = await (await load())(options);
  console.log(asTable(report));
  if (options.picture) await writeFile(options.picture, picture(report));
  if (options.json) console.log(asJson(report));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
