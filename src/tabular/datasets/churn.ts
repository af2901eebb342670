// churn: 10,000 customers of an invented internet provider, drawn from the causal model in churn-model.ts, which
// datasets/churn/README.md explains. Who has left three months later is the target; why is known exactly.
//
//   const { table, truth } = churn();
//   truth.best.rocAuc;              // 0.86: no model does better
//   truth.effects[0];               // what a discount for everybody would change
//   churn({ leaky: true }).table;   // with retention_calls, which is made after the decision

import { type CategoricalColumn, type Column, date, numeric } from '../table/column.js';
import { Table } from '../table/table.js';
import {
  type Action,
  CHANNELS,
  type Chance,
  CONTRACTS,
  type Customer,
  chanceOf,
  customerOf,
  INTERCEPT,
  PLANS,
  probabilityOf,
  ROUTERS,
  TERMS,
  TOWNS,
} from './churn-model.js';
import { poisson, seededDraws } from './draws.js';
import {
  bestPossible,
  causalEffect,
  checkOptionNames,
  checkRowCount,
  type MadeTable,
  probabilitiesOf,
} from './truth.js';

export interface ChurnOptions {
  /** Customers, from 1 to 5,000,000. Default 10,000. */
  readonly rows?: number;
  /** Default 7. */
  readonly seed?: number;
  /** With the column `retention_calls`, which follows from leaving: what a model must not learn from. Default false. */
  readonly leaky?: boolean;
  /**
   * With the column `true_probability`, to compare a model with the best possible on any split of the rows; drop it before a fit.
   * Default false.
   */
  readonly trueProbability?: boolean;
}

const SNAPSHOT = Date.UTC(2026, 5, 30);
const MONTH = 30.4375 * 86_400_000;
const DAY = 86_400_000;

/** The customers, and the truth about them. The same rows for the same options on every machine. */
export function churn(options: ChurnOptions = {}): MadeTable {
  checkOptionNames('churn', options, ['rows', 'seed', 'leaky', 'trueProbability']);
  const { rows = 10_000, seed = 7, leaky = false, trueProbability = false } = options;
  checkRowCount('churn', rows);
  const draws = seededDraws(seed);
  const chances = Array.from({ length: rows }, () => chanceOf(draws));
  const customers = chances.map((chance) => customerOf(chance));
  const terms = TERMS.map(({ columns, of }) => ({ columns, values: Float64Array.from(customers, of) }));
  const probabilities = probabilitiesOf(INTERCEPT, terms, rows);
  const left = Uint8Array.from(chances, ({ target }, row) => Number(target < (probabilities[row] as number)));

  const columns = [
    ...featureColumns(chances, customers),
    ...(leaky
      ? [
          numeric(
            'retention_calls',
            chances.map((chance, row) => retentionCalls(chance, left[row] === 1)),
          ),
        ]
      : []),
    ...(trueProbability ? [numeric('true_probability', probabilities)] : []),
    yesNo('churned', left),
  ];
  const under = (action: Action) => Float64Array.from(chances, (chance) => probabilityOf(customerOf(chance, action)));
  return {
    table: new Table(columns),
    truth: {
      probabilities,
      intercept: INTERCEPT,
      terms,
      effects: [
        causalEffect(
          'discount',
          { value: 'no', probabilities: under({ discount: 0 }) },
          { value: 'yes', probabilities: under({ discount: 1 }) },
        ),
        causalEffect(
          'outages',
          { value: 0, probabilities: under({ outages: 0 }) },
          { value: 3, probabilities: under({ outages: 3 }) },
        ),
      ],
      best: bestPossible(left, probabilities),
    },
  };
}

/** What the provider's books show of the customers. Missing values are not missing at random. */
function featureColumns(chances: readonly Chance[], customers: readonly Customer[]): Column[] {
  const from = (name: string, value: (customer: Customer, chance: Chance) => number) =>
    numeric(
      name,
      customers.map((customer, row) => value(customer, chances[row] as Chance)),
    );
  const names = (name: string, categories: readonly string[], code: (customer: Customer) => number) =>
    ({ kind: 'categorical', name, categories, codes: Int32Array.from(customers, code) }) satisfies CategoricalColumn;
  return [
    date(
      'customer_since',
      customers.map(
        ({ tenure }, row) => SNAPSHOT - Math.round((tenure * MONTH + (chances[row] as Chance).day * MONTH) / DAY) * DAY,
      ),
    ),
    from('tenure_months', ({ tenure }) => tenure),
    from('age', ({ age, channel }, { ageHidden }) => {
      const hidden = CHANNELS[channel] === 'web' ? 0.3 : 0.05;
      return ageHidden < hidden ? Number.NaN : age;
    }),
    names('town', TOWNS, ({ town }) => town),
    names('channel', CHANNELS, ({ channel }) => channel),
    names('contract', CONTRACTS, ({ contract }) => contract),
    from('months_left', ({ monthsLeft }) => monthsLeft),
    names('plan', PLANS, ({ plan }) => plan),
    from('monthly_fee', ({ fee }) => fee),
    yesNo(
      'auto_pay',
      customers.map(({ autoPay }) => autoPay),
    ),
    names('router', ROUTERS, ({ router }) => router),
    from('devices', ({ devices }) => devices),
    from('usage_gb', ({ usage, router }, { usageHidden }) => {
      const counts = router > 1; // the two oldest routers report their traffic now and then only
      return usageHidden < (counts ? 0.01 : 0.5) ? Number.NaN : usage;
    }),
    from('usage_change', ({ usageChange }) => usageChange),
    from('outages', ({ outages }) => outages),
    from('support_calls', ({ calls }) => calls),
    from('satisfaction', ({ satisfaction }, { surveyHidden }) => {
      const silent = satisfaction <= 4 ? 0.65 : satisfaction <= 7 ? 0.45 : 0.3; // who is unhappy answers least
      return surveyHidden < silent ? Number.NaN : satisfaction;
    }),
    yesNo(
      'discount',
      customers.map(({ discount }) => discount),
    ),
  ];
}

/** Calls by people who try to keep a customer who has given notice; a few reach others too. */
const retentionCalls = ({ retention }: Chance, left: boolean): number =>
  left ? 1 + poisson(retention, 1.1) : poisson(retention, 0.08);

const yesNo = (name: string, values: ArrayLike<number>): CategoricalColumn => ({
  kind: 'categorical',
  name,
  categories: ['no', 'yes'],
  codes: Int32Array.from(values),
});
