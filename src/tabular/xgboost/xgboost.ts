// XGBoost, the real one (Chen and Guestrin 2016, https://arxiv.org/abs/1603.02754): boosted trees grown by its own C
// library, the same numbers as in Python.
//
//   const model = await xgboost({ rounds: 500, learningRate: 0.05, earlyStoppingRounds: 30 }).fit(train, { target: 'income', validation });
//   model.history.validation.logloss;        // after each round
//   model.featureImportances('totalGain');   // [{ feature: 'age', importance: 812.4 }, ...]
//   await model.save('out/income.json');     // Python: xgboost.Booster(model_file='out/income.json')
//
// The files, in the order to read them: options, library (the C functions), dmatrix (our columns as XGBoost's table),
// booster, fit (the loop), model, model-json and trees (what is in XGBoost's file).

import type { Estimator } from '../estimator.js';
import { fitXgboost } from './fit.js';
import type { XgboostModel } from './model.js';
import { checkedOptions, settingsOf, type XgboostOptions } from './options.js';

/**
 * Boosted trees for classification (of two classes or more) and regression. Categorical columns and missing values are
 * taken as they are; date columns are refused. XGBoost's library is loaded by the first `fit`.
 * @throws Error naming an option that is unknown; XgboostError from `fit`, with XGBoost's own message, for a value that
 * it refuses
 */
export function xgboost(options: XgboostOptions = {}): Estimator<XgboostModel> {
  const checked = checkedOptions(options);
  return {
    name: 'XGBoost',
    settings: settingsOf(checked),
    fit: (train, fitOptions) => fitXgboost(checked, train, fitOptions),
  };
}
