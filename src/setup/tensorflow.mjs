// npm run tensorflow: makes plain tf code (tf.tensor(...).add(...) in a cell) run on TensorFlow's C library through
// @tensorflow/tfjs-node. Nobody needs it; it is faster than the cpu backend on large tensors. Delete .cache/tfjs-node-* to
// be rid of it.

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { packages } = await import('./packages.mjs');
const { jupyterVenv } = await import('./venv.mjs');
const { runSteps } = await import('./steps.mjs');
const { nativeLibrary } = await import('./tensorflow-library.mjs');
const { wheelFor } = await import('./tensorflow-wheel.mjs');

await command(async () => {
  // Where there is none for this system, that is told before anything is downloaded.
  wheelFor();
  await runSteps([packages, jupyterVenv, nativeLibrary]);
  console.log('Plain tf code now runs on TensorFlow: tf.getBackend() is "tensorflow". tf.setBackend("cpu") goes back.');
  return 0;
});
