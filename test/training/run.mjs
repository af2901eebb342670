// A run of its own process, to be killed: fine-tunes a folder's model as told, says each step, and writes the weights it ended with.
//
//   node test/training/run.mjs '{"folder": "tiny", "out": "end.safetensors", "strategy": "full", "options": {...}, "dieAfter": 3}'
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const { fineTune, freezeEarlyLayers, full, gradualUnfreezing, loadModel, lora } = await import(
  new URL('../../dist/src/index.js', import.meta.url).href
);
const strategies = {
  full: full(),
  lora: lora({ rank: 2 }),
  gradual: gradualUnfreezing(),
  freeze: freezeEarlyLayers(1),
};
const { folder, out, strategy, options, rows, dieAfter, dieAtSave } = JSON.parse(process.argv[2] ?? '');

if (dieAtSave) {
  // Killed while the state is being written: after so many saves, in the middle of the next.
  const { FileHandle } = await import('node:fs/promises').then(async (fs) => {
    const handle = await fs.open(new URL(import.meta.url).pathname);
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    return { FileHandle: prototype };
  });
  const { sync } = FileHandle;
  let saves = 0;
  FileHandle.sync = function () {
    saves += 1;
    if (saves > dieAtSave) process.kill(process.pid, 'SIGKILL');
    return sync.call(this);
  };
}

const model = await loadModel(folder, { task: 'text-classification' });
const { history, epochs } = await fineTune(
  model,
  { train: rows, validation: rows.slice(0, 6) },
  {
    ...options,
    strategy: strategies[/** @type {keyof typeof strategies} */ (strategy)],
    resumeFromCheckpoint: true,
    progress: false,
    onStep(/** @type {{ step: number }} */ { step }) {
      if (step === dieAfter) process.kill(process.pid, 'SIGKILL');
    },
  },
);
const end = createHash('sha256');
for (const [name, { data }] of [...model.weights, ...(model.adapters?.weights ?? [])]) end.update(name).update(data);
const losses = history.map((/** @type {{ loss: number }} */ { loss }) => loss);
writeFileSync(out, JSON.stringify({ weights: end.digest('hex'), losses, epochs }));
