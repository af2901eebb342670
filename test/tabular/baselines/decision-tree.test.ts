// Ours against scikit-learn's trees, and what scikit-learn's do not know: categories.

import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { decisionTree } from '../../../src/tabular/baselines/decision-tree.js';
import type { WeighedNode } from '../../../src/tabular/baselines/grow-tree.js';
import { treeShap } from '../../../src/tabular/baselines/tree-shap.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { cases, expectNear, expectSameAfterSaving, expectToAddUp, featureTable, trainingTable } from './cases.js';

/** All nodes, left ones first. */
const walk = (node: WeighedNode): WeighedNode[] =>
  node.left === undefined || node.right === undefined ? [node] : [node, ...walk(node.left), ...walk(node.right)];

describe.each(cases.tree)('as scikit-learn: $name', async (known) => {
  const train = trainingTable(known, known.classify);
  const { maxDepth, minSamplesLeaf } = known;
  const model = await decisionTree({ maxDepth, minSamplesLeaf }).fit(train, {
    target: 'y',
    ...(known.weights === null ? {} : { weights: known.weights }),
  });
  const nodes = walk(model.root);

  test('asks the same questions', () => {
    expect(nodes.map(({ feature }) => (feature === undefined ? -2 : Number(feature.slice(1))))).toEqual(known.features);
    expect(nodes.map(({ samples }) => samples)).toEqual(known.samples);
    const asked = nodes.flatMap(({ threshold }, i) =>
      threshold === undefined || threshold === Number.MAX_VALUE ? [] : [[threshold, known.thresholds[i] as number]],
    );
    expectNear(
      asked.map(([ours]) => ours as number),
      asked.map(([, theirs]) => theirs as number),
      1e-12,
    );
    expectNear(
      nodes.map(({ impurity }) => impurity),
      known.impurities,
      1e-9,
    );
  });

  test('predicts the same', async () => {
    const rows = featureTable(known.new);
    expectNear(await model.predict(rows), known.predicted, 1e-12);
    if (known.probabilities === null) return;
    const probabilities = await model.predictProbabilities(rows);
    for (const [code, theirs] of known.probabilities.entries())
      expectNear(probabilities[code] as Float64Array, theirs, 1e-12);
  });

  test('finds the same features important', () => {
    expectNear(
      model.featureImportances().map(({ importance }) => importance / 100),
      known.importances,
      1e-9,
    );
  });

  test('contributions and the base add up', async () => {
    const rows = featureTable(known.new).slice(0, 40);
    if (!known.classify) return expectToAddUp(model, rows, await model.predict(rows));
    const probabilities = await model.predictProbabilities(rows);
    for (const [code, values] of probabilities.entries()) await expectToAddUp(model, rows, values, String(code));
  });
});

/** Towns a, c and e are dear, whatever their order. */
function towns(): Table {
  const random = seededRandom(3);
  const names = Array.from({ length: 300 }, () => 'abcdef'[Math.floor(random() * 6)] as string);
  const lost = names.map((name) => (name === 'e' && random() < 0.5 ? null : name));
  const price = names.map((name) => ('ace'.includes(name) ? 10 : 0) + random());
  return new Table([
    categorical('town', lost),
    numeric(
      'noise',
      names.map(() => random()),
    ),
    numeric('price', price),
    categorical(
      'dear',
      price.map((value) => (value > 5 ? 'yes' : 'no')),
    ),
  ]);
}

test('categories are split by subsets, and missing ones go where the split is better', async () => {
  const table = towns();
  for (const target of ['price', 'dear']) {
    const train = table.drop(target === 'price' ? 'dear' : 'price');
    const { root } = await decisionTree({ maxDepth: 1 }).fit(train, { target });
    expect(root).toMatchObject({ feature: 'town', categories: ['b', 'd', 'f'], missingLeft: false });
    expect(root.left?.impurity).toBeLessThan(0.1);
  }
});

test('of several classes one is split off', async () => {
  const random = seededRandom(9);
  const town = Array.from({ length: 200 }, () => 'abcd'[Math.floor(random() * 4)] as string);
  const kind = town.map((name) => ({ a: 'x', b: 'y', c: 'y', d: 'z' })[name]);
  const table = new Table([categorical('town', town), categorical('kind', kind)]);
  const model = await decisionTree({ maxDepth: 3, minSamplesLeaf: 1 }).fit(table, { target: 'kind' });
  expect(model.leaves).toBe(3);
  expect([...(await model.predict(table))]).toEqual([...table.categorical('kind').codes]);
});

test('is the same after saving', async () => {
  const table = towns();
  await expectSameAfterSaving(await decisionTree().fit(table.drop('price'), { target: 'dear' }), table);
  await expectSameAfterSaving(await decisionTree().fit(table.drop('dear'), { target: 'price' }), table);
});

test('contributions are Shapley values: the mean over all orders of learning the features', async () => {
  // Three features of which each is asked about more than once on the way down.
  const random = seededRandom(1);
  const x = Array.from({ length: 3 }, () => Float64Array.from({ length: 200 }, random));
  const at = (feature: number, row: number) => x[feature]?.[row] as number;
  const y = Float64Array.from(
    { length: 200 },
    (_, row) => at(0, row) * at(1, row) + (at(2, row) > at(0, row) ? 0.5 : 0),
  );
  const table = new Table([...x.map((values, i) => numeric(`x${i}`, values)), numeric('y', y)]);
  const { root, depth } = await decisionTree({ maxDepth: 6, minSamplesLeaf: 2 }).fit(table, { target: 'y' });
  expect(depth).toBe(6);
  const row = 17;
  const left = ({ feature, threshold }: WeighedNode) => at(Number(feature?.slice(1)), row) <= (threshold as number);
  /** The expected value when these features are known. */
  const expected = (node: WeighedNode, known: readonly string[]): number => {
    if (node.left === undefined || node.right === undefined) return node.value as number;
    if (known.includes(node.feature as string)) return expected(left(node) ? node.left : node.right, known);
    return (
      (node.left.weight * expected(node.left, known) + node.right.weight * expected(node.right, known)) / node.weight
    );
  };
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ].map((order) => order.map((i) => `x${i}`));
  const found = new Map<string, number>();
  treeShap(
    root,
    left,
    ({ value }) => value as number,
    (feature, part) => found.set(feature, (found.get(feature) ?? 0) + part),
  );
  for (const feature of ['x0', 'x1', 'x2']) {
    const changes = orders.map((order) => {
      const before = order.slice(0, order.indexOf(feature));
      return expected(root, [...before, feature]) - expected(root, before);
    });
    expectNear([found.get(feature) as number], [changes.reduce((sum, change) => sum + change, 0) / 6], 1e-12);
  }
});

test('stops growing where nothing is gained or told to', async () => {
  const same = new Table([numeric('x', [1, 1, 1, 1]), categorical('y', ['a', 'b', 'a', 'b'])]);
  const stump = await decisionTree({ minSamplesLeaf: 1 }).fit(same, { target: 'y' });
  expect([stump.leaves, stump.depth, stump.parameters]).toEqual([1, 0, 1]);
  const table = towns().drop('dear');
  const grow = (options: object) =>
    decisionTree({ minSamplesLeaf: 1, maxDepth: 9, ...options }).fit(table, { target: 'price' });
  const full = await grow({});
  expect((await grow({ minImpurityDecrease: 1 })).leaves).toBe(2);
  expect((await grow({ minSamplesSplit: 100 })).leaves).toBeLessThan(full.leaves);
  expect((await grow({ maxDepth: 0 })).leaves).toBe(1);
  const smallest = Math.min(...walk((await grow({ minSamplesLeaf: 25 })).root).map(({ samples }) => samples));
  expect(smallest).toBeGreaterThanOrEqual(25);
});

test('a category that training did not know goes the way of missing values', async () => {
  const model = await decisionTree().fit(towns().drop('price'), { target: 'dear' });
  const row = (town: string | null) => new Table([categorical('town', [town]), numeric('noise', [0.5])]);
  expect(await model.predictProbabilities(row('q'))).toEqual(await model.predictProbabilities(row(null)));
});

test('errors name what is wrong', async () => {
  expect(() => decisionTree({ maxDepth: -1 })).toThrow(/decisionTree.*maxDepth is -1/);
  const table = towns().with(date('since', new Float64Array(300)));
  await expect(decisionTree().fit(table, { target: 'price' })).rejects.toThrow(
    "'since' is a date. Use pipeline([dateParts()], decisionTree())",
  );
});
