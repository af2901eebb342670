#!/usr/bin/env node
// npx model-types-kernel: tells Jupyter of the TypeScript kernel, without needing a Python.

import { run } from './install/command-line.js';
import { InstallProblem } from './install/install-problem.js';

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof InstallProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
