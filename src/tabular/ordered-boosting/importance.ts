// How much each feature matters to a forest.

import { featuresOfSplit, type Tree } from './tree.js';

/**
 * CatBoost's PredictionValuesChange, in percent: how much the prediction changes on average when an answer does. For each pair
 * of leaves that one answer tells apart, with training weights a and b and values u and v: (u - v)² a b / (a + b), summed
 * over trees and dimensions; a combination's is divided equally among its columns.
 */
export function predictionValuesChange(trees: readonly Tree[], featureCount: number): number[] {
  const changes = new Float64Array(featureCount);
  for (const { splits, values, cover } of trees)
    splits.forEach((split, level) => {
      const bit = 1 << level;
      let change = 0;
      for (let leaf = 0; leaf < cover.length; leaf++) {
        if (leaf & bit) continue;
        const a = cover[leaf] as number;
        const b = cover[leaf | bit] as number;
        if (a === 0 || b === 0) continue;
        for (const value of values)
          change += (((value[leaf] as number) - (value[leaf | bit] as number)) ** 2 * a * b) / (a + b);
      }
      const features = featuresOfSplit(split);
      for (const feature of features) changes[feature] = (changes[feature] as number) + change / features.length;
    });
  const total = changes.reduce((sum, change) => sum + change, 0);
  return Array.from(changes, (change) => (total > 0 ? (100 * change) / total : 0));
}
