// Our side of references/round_trip.py: trains tiny-bert as test/round-trip.test.ts does, saves it, and says what it predicts.
//
//   node test/python/ours/round-trip.mjs test/fixtures/tiny-bert /tmp/ours '{"texts": [...], "rows": [...], "settings": {...}}'
//
// Writes FOLDER/model (for transformers) and FOLDER/adapter (for peft); prints the probabilities of each text.
import { join } from 'node:path';

const { fineTune, loadModel, lora } = await import(new URL('../../../dist/src/index.js', import.meta.url).href);
const [, , base = '', out = '', plan = ''] = process.argv;
const { texts, rows, settings, rank, alpha } = JSON.parse(plan);

const model = await loadModel(base, { task: 'text-classification' });
await fineTune(model, { train: rows }, { ...settings, strategy: lora({ rank, alpha, dropout: 0 }), progress: false });
await model.saveAdapter(join(out, 'adapter'));
await model.save(join(out, 'model'));
/** @type {{ probabilities: number[] }[]} */
const predictions = await model.predict(texts);
console.log(JSON.stringify(predictions.map(({ probabilities }) => probabilities)));
await model.dispose();
