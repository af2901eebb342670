// npm run test:python: makes .venv-python with PyTorch and its kin, then runs test/python, which compares ours with theirs.
// Not part of npm test: the packages hold several gigabytes.

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { librarySteps } = await import('./prepare.mjs');
const { runSteps } = await import('./steps.mjs');
const { runOpenly } = await import('./run.mjs');
const { inRoot, pythonOf, root } = await import('./paths.mjs');
const { jupyterVenv, pythonEnvironment, venvStep } = await import('./venv.mjs');
const { xgboostLibrary } = await import('./xgboost-library.mjs');

await command(async () => {
  const folder = inRoot('.venv-python');
  const reference = venvStep(folder, inRoot('test', 'python', 'requirements.txt'), {
    name: 'PyTorch in .venv-python',
    doing: 'installing the pinned reference packages, several minutes',
    bytes: 8e9,
  });
  await runSteps([...librarySteps, jupyterVenv, xgboostLibrary, reference]);
  const args = [
    '-m',
    'pytest',
    '-p',
    'no:cacheprovider',
    ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/python']),
  ];
  return runOpenly(pythonOf(folder), args, { cwd: root, env: pythonEnvironment() });
});
