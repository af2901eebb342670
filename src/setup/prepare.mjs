// Set-up as a whole: what `npm start`, `npm test` and `npm run lesson` all begin with.

import { build } from './build.mjs';
import { jupyterSettings } from './jupyter.mjs';
import { kernels } from './kernelspec.mjs';
import { packageLink } from './link.mjs';
import { pretrainedModel } from './model.mjs';
import { packages } from './packages.mjs';
import { findPython } from './python.mjs';
import { runSteps } from './steps.mjs';
import { jupyterVenv } from './venv.mjs';
import { xgboostLibrary } from './xgboost-library.mjs';

/** The compiled library, for commands that need no notebook. */
export const librarySteps = [packages, build, packageLink];

/** Does everything that is not done yet. A missing Python is told before anything is downloaded. */
export async function prepare() {
  if (!(await jupyterVenv.isDone())) findPython();
  await runSteps([
    packages,
    jupyterVenv,
    build,
    packageLink,
    kernels,
    jupyterSettings,
    xgboostLibrary,
    pretrainedModel,
  ]);
}
