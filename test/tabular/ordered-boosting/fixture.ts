// What CatBoost learnt, as test/python/make_ordered_boosting.py wrote it.

import { readFileSync } from 'node:fs';
import type { OrderedBoostingOptions } from '../../../src/tabular/ordered-boosting/options.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';

type Numbers = readonly (number | null)[];

export interface ExactFit {
  readonly name: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly weighted: boolean;
  readonly options: OrderedBoostingOptions;
  /** By dimension, then row. */
  readonly raw: readonly (readonly number[])[];
  readonly firstTree: { readonly borders: readonly (number | null)[]; readonly leafValues: readonly number[] };
  /** Of the first ten rows: by feature, the last being the base; of several classes one such list each. */
  readonly shap: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
  readonly importance: readonly number[];
}

interface Fixture {
  readonly exact: {
    readonly columns: {
      readonly height: Numbers;
      readonly count: Numbers;
      readonly gap: Numbers;
      readonly kind: readonly string[];
    };
    readonly targets: Readonly<Record<ExactFit['task'], readonly number[]>>;
    readonly weights: readonly number[];
    readonly fits: readonly ExactFit[];
  };
  readonly borders: {
    readonly values: readonly number[];
    readonly byCount: Readonly<Record<string, readonly number[]>>;
  };
  readonly categories: {
    readonly train: number;
    readonly city: readonly number[];
    readonly shop: readonly number[];
    readonly age: readonly number[];
    readonly bought: readonly number[];
    readonly logLoss: number;
    readonly logLosses: readonly number[];
    readonly accuracy: number;
  };
}

export const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/tabular/ordered-boosting.json', import.meta.url), 'utf8'),
);

/** The table of the exact fits, with the target of one. */
export function exactTable(task: ExactFit['task']): Table {
  const { columns, targets } = fixture.exact;
  const target = targets[task];
  return new Table([
    numeric('height', columns.height),
    numeric('count', columns.count),
    numeric('gap', columns.gap),
    categorical('kind', columns.kind),
    task === 'regression' ? numeric('target', target) : categorical('target', target),
  ]);
}

/** Cities and shops, and who bought: the rows to learn from, and others. */
export function categoriesTable(): { train: Table; test: Table } {
  const { train, city, shop, age, bought } = fixture.categories;
  const table = new Table([
    categorical('city', city),
    categorical('shop', shop),
    numeric('age', age),
    categorical('bought', bought),
  ]);
  return { train: table.slice(0, train), test: table.slice(train) };
}
