// XGBoost through model-types: one half of test_xgboost.py.
//
//   echo '{"columns": {"a": [1, null], "c": ["x", "y"], "y": [0, 1]}, "categories": {"c": ["x", "y"]}, "target": "y", "options": {"rounds": 3},
//     "saveTo": "/tmp/model.json"}' | node test/python/ours/xgboost.mjs
//
// With `load` in place of `saveTo`, `target` and `options` predicts by that file. Prints { predictions, contributions }, a row each: of classes
// the probabilities, or a regression's number; contributions by feature with the base last, of more than two classes of the second one.

import { readFileSync } from 'node:fs';

const built = new URL('../../../dist/src/tabular/', import.meta.url);
const { categorical, numeric } = await import(new URL('table/column.js', built).href);
const { Table } = await import(new URL('table/table.js', built).href);
const { loadTabularModel } = await import(new URL('model-file.js', built).href);
const { xgboost } = await import(new URL('xgboost/xgboost.js', built).href);

const { columns, categories, target, task, options, saveTo, load } = JSON.parse(readFileSync(0, 'utf8'));
const table = new Table(
  Object.entries(columns).map(([name, values]) =>
    name in categories ? categorical(name, values, categories[name]) : numeric(name, values),
  ),
);
const model = load ? await loadTabularModel(load) : await xgboost(options).fit(table, { target, task });
if (saveTo) await model.save(saveTo);
/** @type {(arrays: ArrayLike<number>[]) => number[][]} */
const byRow = (arrays) => Array.from({ length: table.rowCount }, (_, row) => arrays.map((values) => values[row] ?? 0));
const classes = model.task.kind === 'classification';
const { contributions, base } = await model.explain(table, classes ? { class: model.task.classes[1] } : {});
const baseOfAll = new Float64Array(table.rowCount).fill(base);
const predictions = byRow(classes ? await model.predictProbabilities(table) : [await model.predict(table)]);
console.log(JSON.stringify({ predictions, contributions: byRow([...contributions, baseOfAll]) }));
model.dispose();
