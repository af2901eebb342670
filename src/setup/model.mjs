// The pretrained model the lessons start from: fetched once, verified by hash, kept in the usual Hugging Face cache.

import { inRoot, model, pythonOf, venv } from './paths.mjs';
import { Problem } from './problem.mjs';
import { runOpenly } from './run.mjs';

/** @type {import('./steps.mjs').Step} */
export const pretrainedModel = {
  name: 'pretrained model',
  doing: `finding ${model} (91 MB, fetched once)`,
  // The program below looks into the cache and verifies by itself: a stamp of ours could outlive the files.
  isDone: () => false,
  run: async () => {
    const env = { ...process.env, PYTHON: pythonOf(venv) };
    const code = await runOpenly(process.execPath, [inRoot('dist', 'src', 'hub', 'fetch-model.js'), model], { env });
    if (code === 130) throw new Problem('Interrupted while fetching the model.', 'Run this again to go on.');
    if (code !== 0) {
      throw new Problem(
        `The model ${model} is not here and could not be fetched, for the reason above.`,
        'Connect to a network and run this again: what is already done is kept, and afterwards everything works offline.',
      );
    }
  },
};
