// Writes every graph that the engine hands to ONNX Runtime while tiny-bert trains and predicts: one half of test_graphs.py.
//
//   node test/python/ours/dump-graphs.mjs test/fixtures/tiny-bert /tmp/graphs
//
// Prints the names of the files, NAME-0.onnx and so on; NAME says what was going on.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

const { fineTune, freezeEarlyLayers, full, loadModel, lora } = await import(
  new URL('../../../dist/src/index.js', import.meta.url).href
);
const [, , folder = '', out = ''] = process.argv;
mkdirSync(out, { recursive: true });

let doing = '';
/** @type {string[]} */
const files = [];
const create = ort.InferenceSession.create;
ort.InferenceSession.create = /** @type {typeof create} */ (
  async (/** @type {Uint8Array} */ model, /** @type {object} */ options) => {
    const file = `${doing}-${files.length}.onnx`;
    writeFileSync(join(out, file), model);
    files.push(file);
    return create(model, options);
  }
);

// With dropout, so that its part of the graph is there too.
const source = join(out, 'source');
cpSync(folder, source, { recursive: true });
const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
const rates = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 };
writeFileSync(join(source, 'config.json'), JSON.stringify({ ...config, ...rates }));

const rows = ['good food', 'bad, cold soup', 'it works', 'never again'].map((text, i) => ({ text, label: i % 3 }));
for (const strategy of [full(), lora({ rank: 4 }), freezeEarlyLayers(1)]) {
  const model = await loadModel(source, { task: 'text-classification' });
  doing = `train-${strategy.name.replace(/\W+/g, '-')}`;
  await fineTune(model, { train: rows }, { strategy, epochs: 1, batchSize: 2, weightDecay: 0.01 });
  doing = `predict-${strategy.name.replace(/\W+/g, '-')}`;
  await model.predict(rows.map(({ text }) => text));
  await model.dispose();
}
rmSync(source, { recursive: true });
console.log(JSON.stringify(files));
