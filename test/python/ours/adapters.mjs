// Trains an adapter or opens one with model-types, scores texts, and saves: one half of test_adapters.py.
//
//   echo '{"folder": "test/fixtures/tiny-bert", "texts": ["good"], "train": "prompt", "saveAdapterTo": "/tmp/a"}' | node test/python/ours/adapters.mjs
//
// Prints { logits, ids, merged }: logits before and after mergeAdapters(), one row a text, and the ids after. Options: train ("lora" or
// "prompt": two epochs on the texts themselves), adapter (a folder to open), saveAdapterTo, saveTo (the merged model).

import { readFileSync } from 'node:fs';

const { fineTune, loadModel, lora, promptTuning } = await import(
  new URL('../../../dist/src/index.js', import.meta.url).href
);
const strategies = { lora: lora({ rank: 2 }), prompt: promptTuning({ virtualTokens: 3 }) };

const { folder, texts, train, adapter, saveAdapterTo, saveTo } = JSON.parse(readFileSync(0, 'utf8'));
const model = await loadModel(folder, { task: 'text-classification', maxLength: 40 });
const rows = texts.map((/** @type {string} */ text, /** @type {number} */ i) => ({
  text,
  label: i % model.labels.length,
}));
if (train !== undefined) {
  const strategy = strategies[/** @type {keyof typeof strategies} */ (train)];
  await fineTune(model, { train: rows }, { strategy, epochs: 2, batchSize: 2, learningRate: 1e-2 });
}
if (adapter !== undefined) await model.loadAdapter(adapter);

async function score() {
  /** @type {number[][]} */
  const logits = [];
  for (const batch of model.batches(rows, { batchSize: 2, groupByLength: false })) {
    const { data, shape } = await model.forward(batch.inputs);
    batch.rows.forEach((/** @type {number} */ row, /** @type {number} */ i) => {
      logits[row] = [...data.subarray(i * shape[1], (i + 1) * shape[1])];
    });
  }
  return logits;
}

const logits = await score();
if (saveAdapterTo !== undefined) await model.saveAdapter(saveAdapterTo);
model.mergeAdapters();
const merged = await score();
const ids = texts.map((/** @type {string} */ text) => model.tokenizer.encode(text, model.maxLength).ids);
if (saveTo !== undefined) await model.save(saveTo);
await model.dispose();
console.log(JSON.stringify({ logits, merged, ids }));
