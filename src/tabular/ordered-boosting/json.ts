// A forest as JSON: the structure of trees as plain numbers, long lists as encoded ones.

import type { ModelJson } from '../estimator.js';
import { decodeNumbers, encodeNumbers } from '../number-arrays.js';
import type { Grid } from './columns.js';
import type { Forest } from './forest.js';
import type { ProjectionCounts } from './lookup.js';
import { statisticsPlan } from './target-statistics.js';
import { type DirectSplit, type Projection, projection, type Split, type Tree } from './tree.js';

/** A question as numbers: [0, feature, border], [1, feature, code] or [2, projection, statistic, border]. */
type SplitNumbers = readonly number[];

/** The fields of a saved forest, but for the task and the features. */
export function forestToJson({ grids, plan, targetBorder, start, trees, counts }: Forest): Record<string, unknown> {
  const places = new Map([...counts.keys()].map((key, place) => [key, place]));
  const cover = trees.flatMap((tree) => [...tree.cover]);
  const values = trees.flatMap((tree) => tree.values.flatMap((of) => [...of]));
  return {
    classesCounted: plan.classes,
    targetBorder: encodeNumbers(Float64Array.of(targetBorder)),
    start: encodeNumbers(Float64Array.from(start)),
    grids: grids.map((grid) => (grid.kind === 'numeric' ? { borders: encodeNumbers(grid.borders) } : grid)),
    projections: [...counts.values()].map(({ projection: of, keys, counts: numbers }) => ({
      categories: of.categories,
      conditions: of.conditions.map((condition) => splitNumbers(condition, places)),
      keys: encodeNumbers(keys.every((key) => key < 2 ** 31) ? Int32Array.from(keys) : keys),
      counts: encodeNumbers(numbers),
    })),
    trees: trees.map(({ splits }) => splits.map((split) => splitNumbers(split, places))),
    values: encodeNumbers(Float64Array.from(values)),
    cover: encodeNumbers(Float64Array.from(cover)),
  };
}

/** The forest again. Throws Error where a part is missing or does not fit the others. */
export function forestFromJson(json: ModelJson): Forest {
  if (!Number.isInteger(json.classesCounted)) throw new Error('classesCounted is missing.');
  const plan = statisticsPlan(json.classesCounted as number);
  const start = [...decodeNumbers(json.start, 'start')];
  const grids = listOf<Grid | { borders: unknown }>(json, 'grids').map(
    (grid): Grid =>
      'radix' in grid ? grid : { kind: 'numeric', borders: decodeNumbers(grid.borders, 'borders') as Float64Array },
  );
  const projections = listOf<Record<string, unknown>>(json, 'projections').map((saved, i): ProjectionCounts => {
    const conditions = listOf<SplitNumbers>(saved, 'conditions').map(
      (numbers) => splitOf(numbers, grids, []) as DirectSplit,
    );
    const keys = Float64Array.from(decodeNumbers(saved.keys, `keys of projection ${i}`));
    const counts = decodeNumbers(saved.counts, `counts of projection ${i}`, keys.length * plan.classes);
    return {
      projection: projection(listOf<number>(saved, 'categories'), conditions),
      keys,
      counts: counts as Int32Array,
    };
  });
  const structures = listOf<SplitNumbers[]>(json, 'trees').map((splits) =>
    splits.map((numbers) => splitOf(numbers, grids, projections)),
  );
  const leafCount = structures.reduce((count, splits) => count + 2 ** splits.length, 0);
  const values = decodeNumbers(json.values, 'values', leafCount * start.length) as Float64Array;
  const cover = decodeNumbers(json.cover, 'cover', leafCount) as Float64Array;
  let at = 0;
  const trees = structures.map((splits): Tree => {
    const leaves = 2 ** splits.length;
    const from = at;
    at += leaves;
    return {
      splits,
      values: start.map((_, k) =>
        values.slice(from * start.length + k * leaves, from * start.length + (k + 1) * leaves),
      ),
      cover: cover.slice(from, at),
    };
  });
  return {
    task: json.task,
    features: json.features,
    grids,
    plan,
    targetBorder: decodeNumbers(json.targetBorder, 'targetBorder', 1)[0] as number,
    start,
    trees,
    counts: new Map(projections.map((counted) => [counted.projection.key, counted])),
  };
}

function splitNumbers(split: Split, places: ReadonlyMap<string, number>): SplitNumbers {
  if (split.kind === 'number') return [0, split.feature, split.border];
  if (split.kind === 'category') return [1, split.feature, split.code];
  return [2, places.get(split.projection.key) as number, split.statistic, split.border];
}

function splitOf(numbers: SplitNumbers, grids: readonly Grid[], projections: readonly ProjectionCounts[]): Split {
  const [kind, what, which, border] = numbers as [number, number, number, number];
  const grid = grids[what];
  if (kind === 0 && grid?.kind === 'numeric') return { kind: 'number', feature: what, border: which };
  if (kind === 1 && grid?.kind === 'categorical' && grid.direct)
    return { kind: 'category', feature: what, code: which };
  const of: Projection | undefined = projections[what]?.projection;
  if (kind !== 2 || of === undefined) throw new Error(`a tree asks [${numbers}], about a column that is not there.`);
  return { kind: 'statistic', projection: of, statistic: which, border };
}

/** A list in a saved forest. */
function listOf<Item>(json: Readonly<Record<string, unknown>>, field: string): Item[] {
  const list = json[field];
  if (!Array.isArray(list)) throw new Error(`${field} is missing.`);
  return list;
}
