// npm run xgboost: fetches XGBoost's library, which npm start, npm run setup and npm test fetch too. For when one of
// them had no network.

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { packages } = await import('./packages.mjs');
const { jupyterVenv } = await import('./venv.mjs');
const { runSteps } = await import('./steps.mjs');
const { wheelFor, xgboostLibrary } = await import('./xgboost-library.mjs');

await command(async () => {
  // Where there is none for this system, that is told before anything is downloaded.
  wheelFor();
  await runSteps([packages, jupyterVenv, { ...xgboostLibrary, optional: false }]);
  console.log('xgboost() now grows trees with XGBoost’s own library.');
  return 0;
});
