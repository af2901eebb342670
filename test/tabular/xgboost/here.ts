// What the tests of XGBoost share: whether its library is here, and the rows of the fixture.

import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { hasXgboost } from '../../../src/tabular/xgboost/library.js';
import fixture from '../../fixtures/tabular/xgboost.json' with { type: 'json' };

export const here = hasXgboost();
/** For the title of what is skipped. */
export const why = here ? '' : ' (skipped: XGBoost’s library is not here; npm run xgboost fetches it)';

const { columns, trainRows } = fixture;
export const features = ['age', 'income', 'plan', 'calls'];
/** 240 made-up customers: four columns, one categorical and two with missing values, and three targets. */
export const customers = new Table([
  numeric('age', columns.age),
  numeric('income', columns.income),
  categorical('plan', columns.plan, ['basic', 'family', 'plus', 'student', 'trial']),
  numeric('calls', columns.calls),
  categorical('left', columns.left),
  categorical('kind', columns.kind),
  numeric('spend', columns.spend),
]);
/** The first rows, to learn `target` from the features. */
export const trainOn = (target: string): Table => customers.select(...features, target).slice(0, trainRows);
/** The others. */
export const restFor = (target: string): Table => customers.select(...features, target).slice(trainRows);
