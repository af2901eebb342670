// npm run bench -- SUITE ...: compiles what is not compiled, then runs bench/run.ts with the arguments.

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { librarySteps } = await import('./prepare.mjs');
const { runSteps } = await import('./steps.mjs');
const { runOpenly } = await import('./run.mjs');
const { inRoot } = await import('./paths.mjs');
const { jupyterVenv } = await import('./venv.mjs');
const { xgboostLibrary } = await import('./xgboost-library.mjs');

await command(async () => {
  // What set-up says goes to stderr, so that the last line on stdout is the benchmark's own.
  // The tables' suite measures XGBoost's library, which JupyterLab's pip fetches.
  const more = process.argv.includes('tabular') ? [jupyterVenv, xgboostLibrary] : [];
  await runSteps([...librarySteps, ...more], console.error);
  return runOpenly(process.execPath, [inRoot('dist', 'bench', 'run.js'), ...process.argv.slice(2)]);
});
