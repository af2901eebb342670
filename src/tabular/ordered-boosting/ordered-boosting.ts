// Gradient boosting of oblivious trees with ordered target statistics: CatBoost's idea (Prokhorenkova et al. 2018,
// https://arxiv.org/abs/1706.09516), written to be read.
//
//   const model = await orderedBoosting({ rounds: 300, depth: 6 }).fit(train, { target: 'income', validation });
//   model.featureImportances();   // [{ feature: 'capital_gain', importance: 18.5 }, ...]
//
// The files, in the order to read them: quantise (numbers to bins), target-statistics (categories to numbers without leakage),
// tree, candidates (what a level may ask), histogram and score (how good a question is), grow-tree, loss and its three kinds
// (values of leaves), bootstrap, fold, boosting and fit (the loop), lookup and scorer (prediction), shap and importance.
//
// Where nothing is random it grows CatBoost's own trees (test/tabular/ordered-boosting/catboost.test.ts). What differs: gradients
// come from all rows, as in CatBoost's `boosting_type='Plain'` (its default), only statistics are ordered; a Newton step that has
// raised the loss is not halved; of several classes the target statistics are the share of each class, not of those above it.

import type { Estimator } from '../estimator.js';
import { fitOrderedBoosting } from './fit.js';
import type { OrderedBoostingModel } from './model.js';
import { checkedSettings, type OrderedBoostingOptions } from './options.js';

/**
 * Boosted oblivious trees for classification (of two classes or more) and regression. Categorical columns and missing values are
 * taken as they are; date columns are refused.
 * @throws Error naming an option that is unknown or out of range
 */
export function orderedBoosting(options: OrderedBoostingOptions = {}): Estimator<OrderedBoostingModel> {
  const settings = checkedSettings(options);
  return {
    name: 'Ordered boosting',
    settings,
    fit: (train, fitOptions) => fitOrderedBoosting(settings, train, fitOptions),
  };
}
