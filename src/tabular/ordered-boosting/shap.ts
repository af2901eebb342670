// Exact Shapley values of a tree (tree SHAP, Lundberg et al. 2020, "path-dependent": a column one does not know sends a row down
// both ways, in the proportion of the training rows there).
//
// The players of a tree are the columns, or combinations of columns, that its splits ask about: at most as many as it has
// levels. So every subset of them can be gone through, and because a row enters only by its leaf, the values are computed once a
// leaf and then looked up. What a combination contributes is divided equally among its columns (as CatBoost does).

import { featuresOfSplit, type Tree } from './tree.js';

/** What the players of a tree contribute to the rows of each leaf. */
export interface TreeShap {
  /** The output where nothing is known. */
  readonly base: number;
  readonly players: readonly {
    /** The features it stands for, each of which gets an equal share. */
    readonly features: readonly number[];
    /** By leaf. */
    readonly contributions: Float64Array;
  }[];
}

/** The Shapley values of one dimension of a tree. */
export function treeShap(tree: Tree, dimension: number): TreeShap {
  const depth = tree.splits.length;
  const leafCount = 1 << depth;
  const names = tree.splits.map((split) => featuresOfSplit(split).join(' '));
  const players = [...new Set(names)];
  const levelsOf = players.map((player) => names.reduce((mask, name, l) => mask | (Number(name === player) << l), 0));
  const covers = coversByLevel(tree.cover, depth);
  const subsets = 1 << players.length;
  // The output by subset of the players that are known, then leaf.
  const outputs = Array.from({ length: subsets }, (_, subset) => {
    const known = levelsOf.reduce((mask, levels, player) => mask | ((subset >> player) & 1 ? levels : 0), 0);
    return expectations(tree.values[dimension] as Float64Array, covers, depth, known);
  });
  const weights = shapleyWeights(players.length);
  return {
    base: (outputs[0] as Float64Array)[0] as number,
    players: players.map((_, player) => {
      const contributions = new Float64Array(leafCount);
      for (let subset = 0; subset < subsets; subset++) {
        if ((subset >> player) & 1) continue;
        const weight = weights[bitCount(subset)] as number;
        const without = outputs[subset] as Float64Array;
        const having = outputs[subset | (1 << player)] as Float64Array;
        for (let leaf = 0; leaf < leafCount; leaf++)
          contributions[leaf] =
            (contributions[leaf] as number) + weight * ((having[leaf] as number) - (without[leaf] as number));
      }
      const level = names.indexOf(players[player] as string);
      return { features: featuresOfSplit(tree.splits[level] as Tree['splits'][number]), contributions };
    }),
  };
}

/** Weights of the training rows under each node: by how many levels are answered, then the answers (the last level's highest). */
function coversByLevel(cover: Float64Array, depth: number): Float64Array[] {
  const covers = [cover];
  for (let answered = depth - 1; answered >= 0; answered--) {
    const below = covers[0] as Float64Array;
    const of = (node: number) => (below[2 * node] as number) + (below[2 * node + 1] as number);
    covers.unshift(new Float64Array(1 << answered).map((_, node) => of(node)));
  }
  return covers;
}

/**
 * For rows of each leaf, the output when only the answers of the levels in `known` are known. An oblivious tree can be gone
 * through in any order of its levels; as CatBoost, from the last to the first, and so from the first upwards here.
 */
function expectations(
  leafValues: Float64Array,
  covers: readonly Float64Array[],
  depth: number,
  known: number,
): Float64Array {
  const values = leafValues.slice();
  for (let level = 0; level < depth; level++) {
    if ((known >> level) & 1) continue;
    const bit = 1 << level;
    const below = covers[depth - level] as Float64Array;
    for (let leaf = 0; leaf < values.length; leaf++) {
      if (leaf & bit) continue;
      const node = leaf >> level; // the levels above and this one, answered no
      const no = below[node] as number;
      const yes = below[node | 1] as number;
      const share = no + yes > 0 ? yes / (no + yes) : 0.5;
      const mean = (1 - share) * (values[leaf] as number) + share * (values[leaf | bit] as number);
      values[leaf] = mean;
      values[leaf | bit] = mean;
    }
  }
  return values;
}

/** The weight of a subset of each size, of `players` in all: size! (players - size - 1)! / players!. */
function shapleyWeights(players: number): number[] {
  const weights = [1 / players];
  for (let size = 1; size < players; size++) weights.push(((weights[size - 1] as number) * size) / (players - size));
  return weights;
}

const bitCount = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
};
