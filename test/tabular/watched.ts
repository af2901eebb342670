// An estimator that tells what it was given: the rows and options of each fit, and how often a model of it was disposed.

import type { Estimator, FitOptions, TabularModel } from '../../src/tabular/estimator.js';
import type { Table } from '../../src/tabular/table/table.js';

export interface Watched<Model extends TabularModel> extends Estimator<Model> {
  readonly fits: { readonly train: Table; readonly options: FitOptions }[];
  readonly models: Model[];
  readonly disposed: Model[];
}

export function watched<Model extends TabularModel>(estimator: Estimator<Model>): Watched<Model> {
  const fits: Watched<Model>['fits'] = [];
  const models: Model[] = [];
  const disposed: Model[] = [];
  return {
    ...estimator,
    fits,
    models,
    disposed,
    async fit(train, options) {
      fits.push({ train, options });
      const model = await estimator.fit(train, options);
      models.push(model);
      return Object.assign(model, { dispose: () => void disposed.push(model) });
    },
  };
}
