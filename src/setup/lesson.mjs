// npm run lesson -- text [--quick] [--kernel tslab] [--out FOLDER]: executes a lesson without a browser and writes it as HTML under out/.
//
//   npm run lesson -- text           by a part of its name, its number (1) or a path (copy/of/mine.ipynb)
//   npm run lesson -- text --quick   few steps and rows, as npm test does
//   npm run lesson -- text --kernel tslab   on tslab's kernel instead of ours

import './node-version.mjs';
import { parseArgs } from 'node:util';

const { command, Problem } = await import('./problem.mjs');
const { prepare } = await import('./prepare.mjs');
const { findLesson } = await import('./lesson-files.mjs');
const { runOpenly } = await import('./run.mjs');
const { jupyterEnvironment } = await import('./jupyter.mjs');
const { inRoot, kernelName, tslabName, notebooks, out, pythonOf, root, venv } = await import('./paths.mjs');

await command(async () => {
  const { wanted, quick, folder, kernel } = options();
  const lesson = findLesson(wanted, notebooks);
  await prepare();
  console.log(
    `\n${lesson}${quick ? ', in its quick form' : ''}${kernel === kernelName ? '' : `, on the kernel ${kernel}`}`,
  );
  const env = jupyterEnvironment();
  // Set-up has just made sure of the model, so nothing has to be looked up elsewhere.
  env.MODEL_TYPES_OFFLINE ??= '1';
  env.PYTHONDONTWRITEBYTECODE = '1';
  if (quick) env.MODEL_TYPES_QUICK = '1';
  const script = inRoot('src', 'setup', 'execute_notebook.py');
  const plotly = inRoot('node_modules', 'plotly.js-dist', 'plotly.js');
  const args = [script, lesson, folder, '--kernel', kernel, '--plotly', plotly];
  return runOpenly(pythonOf(venv), args, { cwd: root, env });
});

function options() {
  const kernels = [kernelName, tslabName];
  try {
    const { values, positionals } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        out: { type: 'string', default: out },
        kernel: { type: 'string', default: kernelName },
      },
      allowPositionals: true,
    });
    if (!kernels.includes(values.kernel)) {
      throw new Error(`There is no kernel “${values.kernel}”, only ${kernels.join(' and ')}`);
    }
    return { wanted: positionals.join('-'), quick: values.quick, folder: values.out, kernel: values.kernel };
  } catch (error) {
    throw new Problem(
      `${error instanceof Error ? error.message : error}.`,
      'Usage: npm run lesson -- text [--quick] [--kernel tslab]',
    );
  }
}
