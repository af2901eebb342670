// Loads a classifier with model-types and exports it: one half of test_exports.py.
//
//   echo '{"folder": "test/fixtures/tiny-bert", "to": "/tmp/exported", "test": [{"text": "good", "label": 2}]}' | node test/python/ours/export.mjs
//
// Prints [{ dtype, file, bytes }].

import { readFileSync } from 'node:fs';

const { loadModel } = await import(new URL('../../../dist/src/index.js', import.meta.url).href);

const { folder, to, test, card } = JSON.parse(readFileSync(0, 'utf8'));
const model = await loadModel(folder, { task: 'text-classification' });
/** @type {{ dtype: string, file: string, bytes: number }[]} */
const files = await model.exportOnnx(to, { test, card });
await model.dispose();
console.log(JSON.stringify(files.map(({ dtype, file, bytes }) => ({ dtype, file, bytes }))));
