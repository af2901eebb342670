// npm test [-- FILTER]: sets up what is missing, then Biome, the type checker and every test, the lessons in their quick
// form among them. The last line sums up; the exit status is 0 only where nothing failed.
//
//   npm test -- plots        the tests whose path has "plots" in it

import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const { command } = await import('./problem.mjs');
const { prepare } = await import('./prepare.mjs');
const { runOpenly } = await import('./run.mjs');
const { closingLine, countTests } = await import('./test-counts.mjs');
const { inRoot, out, root } = await import('./paths.mjs');

await command(async () => {
  await prepare();
  const program = (/** @type {string[]} */ ...parts) => inRoot('node_modules', ...parts);
  // Biome colours its words even where nobody can see colours.
  const plain = process.stdout.isTTY ? [] : ['--colors=off'];
  const checks = [
    { name: 'Biome (format and lint)', args: [program('@biomejs', 'biome', 'bin', 'biome'), 'ci', '.', ...plain] },
    { name: 'TypeScript (types)', args: [program('typescript', 'bin', 'tsc')] },
  ];
  const failedChecks = [];
  for (const { name, args } of checks) {
    console.log(`\n${name}`);
    if ((await runOpenly(process.execPath, args, { cwd: root })) !== 0) failedChecks.push(name);
  }

  const report = inRoot('out', 'vitest.json');
  mkdirSync(out, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [program('vitest', 'vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
  const code = await runOpenly(process.execPath, args, { cwd: root });

  const counts = existsSync(report) ? countTests(readFileSync(report, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
  // A vitest that ends badly without naming a failed test (an unhandled error, no report) has failed all the same.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  counts.failed += failedChecks.length;
  for (const name of failedChecks) console.log(`Failed: ${name}`);
  console.log(`\n${closingLine(counts)}`);
  return counts.failed > 0 ? 1 : 0;
});
