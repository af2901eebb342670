// What the next level of a tree may ask about: every numeric column, the categorical columns asked about directly, the target
// statistics of every other categorical column, and those of combinations found greedily: whatever the tree has used so far
// together with one more categorical column (section 4 of the CatBoost paper).

import type { Grid } from './columns.js';
import { keySpace } from './columns.js';
import { type DirectSplit, lengthOfProjection, type Projection, projection, type Split } from './tree.js';

export type Candidate =
  | { readonly kind: 'direct'; readonly feature: number; readonly key: string }
  | { readonly kind: 'projection'; readonly projection: Projection; readonly key: string };

/** Candidates for the level after `splits`. */
export function candidatesAfter(
  splits: readonly Split[],
  grids: readonly Grid[],
  counted: readonly number[],
  maxCtrComplexity: number,
): Candidate[] {
  const direct: Candidate[] = grids.flatMap((grid, feature) =>
    (grid.kind === 'numeric' ? grid.borders.length > 0 : grid.direct)
      ? [{ kind: 'direct', feature, key: `column ${feature}` }]
      : [],
  );
  const projections = new Map<string, Projection>();
  const add = (made: Projection) => {
    if (lengthOfProjection(made) <= maxCtrComplexity && keySpace(made, grids) <= 2 ** 53)
      projections.set(made.key, made);
  };
  for (const feature of counted) add(projection([feature], []));
  if (maxCtrComplexity > 1)
    for (const base of basesOf(splits))
      for (const feature of counted)
        if (!base.categories.includes(feature)) add(projection([...base.categories, feature], base.conditions));
  return [
    ...direct,
    ...[...projections.values()].map((made): Candidate => ({ kind: 'projection', projection: made, key: made.key })),
  ];
}

/** What a combination can start from: all direct questions of the tree together, and each projection it has used. */
function basesOf(splits: readonly Split[]): Projection[] {
  const conditions = splits.filter((split): split is DirectSplit => split.kind !== 'statistic');
  const used = splits.flatMap((split) => (split.kind === 'statistic' ? [split.projection] : []));
  return conditions.length > 0 ? [projection([], conditions), ...used] : used;
}
