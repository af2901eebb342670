// Loads a model with model-types, scores texts, and saves it again: one half of test_checkpoints.py.
//
//   echo '{"folder": "test/fixtures/tiny-bert", "texts": ["good"], "saveTo": "/tmp/copy"}' | node test/python/ours/classify.mjs
//
// Prints { logits, probabilities, ids }, each one row a text. Options: labels, keepLayers, train (a strategy's name: two epochs on the
// texts themselves come first).

import { readFileSync } from 'node:fs';

const { fineTune, freezeEarlyLayers, fromScratch, full, loadModel, lora } = await import(
  new URL('../../../dist/src/index.js', import.meta.url).href
);
const strategies = { full, lora, freezeEarlyLayers: () => freezeEarlyLayers(1), fromScratch };

const { folder, texts, labels, keepLayers, train, saveTo } = JSON.parse(readFileSync(0, 'utf8'));
let model = await loadModel(folder, { task: 'text-classification', labels });
if (keepLayers !== undefined) model = model.keepLayers(keepLayers);
const rows = texts.map((/** @type {string} */ text, /** @type {number} */ i) => ({
  text,
  label: i % model.labels.length,
}));
if (train !== undefined) {
  const strategy = strategies[/** @type {keyof typeof strategies} */ (train)]();
  await fineTune(model, { train: rows }, { strategy, epochs: 2, batchSize: 2, learningRate: 1e-2 });
}

/** @type {number[][]} */
const logits = [];
for (const batch of model.batches(rows, { batchSize: 2, groupByLength: false })) {
  const { data, shape } = await model.forward(batch.inputs);
  batch.rows.forEach((/** @type {number} */ row, /** @type {number} */ i) => {
    logits[row] = [...data.subarray(i * shape[1], (i + 1) * shape[1])];
  });
}
/** @type {{ probabilities: number[] }[]} */
const predictions = await model.predict(texts);
const ids = texts.map((/** @type {string} */ text) => model.tokenizer.encode(text, model.maxLength).ids);
if (saveTo !== undefined) await model.save(saveTo);
await model.dispose();
console.log(JSON.stringify({ logits, probabilities: predictions.map((p) => p.probabilities), ids }));
