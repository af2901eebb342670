// npm run lesson -- text [--quick] [--out FOLDER]: executes a lesson without a browser and writes it as HTML under out/.
//
//   npm run lesson -- text           by a part of its name, its number (1) or a path (copy/of/mine.ipynb)
//   npm run lesson -- text --quick   few steps and rows, as npm test does

import './node-version.mjs';
import { parseArgs } from 'node:util';

const { command, Problem } = await import('./problem.mjs');
const { prepare } = await import('./prepare.mjs');
const { findLesson } = await import('./lesson-files.mjs');
const { runOpenly } = await import('./run.mjs');
const { jupyterEnvironment } = await import('./jupyter.mjs');
const { inRoot, kernelName, notebooks, out, pythonOf, root, venv } = await import('./paths.mjs');

await command(async () => {
  const { wanted, quick, folder } = options();
  const lesson = findLesson(wanted, notebooks);
  await prepare();
  console.log(`\n${lesson}${quick ? ', in its quick form' : ''}`);
  const env = jupyterEnvironment();
  // Set-up has just made sure of the model, so nothing has to be looked up elsewhere.
  env.MODEL_TYPES_OFFLINE ??= '1';
  env.PYTHONDONTWRITEBYTECODE = '1';
  if (quick) env.MODEL_TYPES_QUICK = '1';
  const script = inRoot('src', 'setup', 'execute_notebook.py');
  const plotly = inRoot('node_modules', 'plotly.js-dist', 'plotly.js');
  const args = [script, lesson, folder, '--kernel', kernelName, '--plotly', plotly];
  return runOpenly(pythonOf(venv), args, { cwd: root, env });
});

function options() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean', default: false }, out: { type: 'string', default: out } },
      allowPositionals: true,
    });
    return { wanted: positionals.join('-'), quick: values.quick, folder: values.out };
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}.`, 'Usage: npm run lesson -- text [--quick]');
  }
}
