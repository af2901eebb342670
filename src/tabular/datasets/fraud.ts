// fraud: 50,000 card payments of 90 days, one in 200 of them by a thief, drawn from the causal model in fraud-model.ts, which
// datasets/fraud/README.md explains. The rows are in the order of time.
//
//   const { table, truth } = fraud();
//   truth.best.prAuc;       // the average precision that no model beats
//   truth.effects[0];       // what verifying every payment would prevent
//   splitTable(table, { time: 'time' });   // learn from the first weeks, test on the last; or { group: 'card' }

import { type CategoricalColumn, date, numeric } from '../table/column.js';
import { Table } from '../table/table.js';
import { seededDraws } from './draws.js';
import {
  AFTER,
  BEFORE,
  CATEGORIES,
  COUNTRIES,
  cardCount,
  ENTRIES,
  INTERCEPT,
  MERCHANTS,
  type Payment,
  paymentsOf,
} from './fraud-model.js';
import {
  bestPossible,
  causalEffect,
  checkOptionNames,
  checkRowCount,
  type MadeTable,
  probabilitiesOf,
} from './truth.js';

export interface FraudOptions {
  /** Payments, from 1 to 5,000,000. Default 50,000. */
  readonly rows?: number;
  /** Default 11. */
  readonly seed?: number;
  /**
   * With the column `true_probability`, to compare a model with the best possible on any split of the rows; drop it before a fit.
   * Default false.
   */
  readonly trueProbability?: boolean;
}

/** The payments, and the truth about them. The same rows for the same options on every machine. */
export function fraud(options: FraudOptions = {}): MadeTable {
  checkOptionNames('fraud', options, ['rows', 'seed', 'trueProbability']);
  const { rows = 50_000, seed = 11, trueProbability = false } = options;
  checkRowCount('fraud', rows);
  const payments = paymentsOf(rows, seededDraws(seed));
  const terms = [...BEFORE, ...AFTER].map(({ columns, of }) => ({
    columns,
    values: Float64Array.from(payments, (payment) => of(payment, payment.verified)),
  }));
  const probabilities = probabilitiesOf(INTERCEPT, terms, rows);
  const stolen = Uint8Array.from(payments, (payment) => payment.fraud);
  /** The probability before the amount, the distance and the device, which would be others too, are seen. */
  const verifying = (verified: 0 | 1) =>
    probabilitiesOf(
      INTERCEPT,
      terms
        .slice(0, BEFORE.length)
        .map((term, place) =>
          term.columns.includes('verified')
            ? { ...term, values: Float64Array.from(payments, (payment) => BEFORE[place]?.of(payment, verified) ?? 0) }
            : term,
        ),
      rows,
    );
  return {
    table: new Table([
      ...featureColumns(payments),
      ...(trueProbability ? [numeric('true_probability', probabilities)] : []),
      yesNo('fraud', stolen),
    ]),
    truth: {
      probabilities,
      intercept: INTERCEPT,
      terms,
      effects: [
        causalEffect(
          'verified',
          { value: 'no', probabilities: verifying(0) },
          { value: 'yes', probabilities: verifying(1) },
        ),
      ],
      best: bestPossible(stolen, probabilities),
    },
  };
}

/** What the bank sees of the payments. */
function featureColumns(payments: readonly Payment[]) {
  const from = (name: string, value: (payment: Payment) => number) => numeric(name, Float64Array.from(payments, value));
  const names = (
    name: string,
    categories: readonly string[],
    code: (payment: Payment) => number,
  ): CategoricalColumn => ({
    kind: 'categorical',
    name,
    categories,
    codes: Int32Array.from(payments, code),
  });
  const cards = Array.from(
    { length: cardCount(payments.length) },
    (_, card) => `C${String(card + 1).padStart(5, '0')}`,
  );
  return [
    date(
      'time',
      Float64Array.from(payments, ({ time }) => time),
    ),
    from('hour', ({ hour }) => hour),
    names('card', cards, ({ card }) => card),
    names('merchant', MERCHANTS, ({ merchant }) => merchant),
    names('category', CATEGORIES, ({ category }) => category),
    names('country', COUNTRIES, ({ country }) => country),
    names('entry', ENTRIES, ({ entry }) => entry),
    yesNo(
      'verified',
      Int32Array.from(payments, ({ verified }) => verified),
    ),
    from('amount', ({ amount }) => amount),
    from('usual_amount', ({ usualAmount }) => usualAmount),
    from('distance_km', ({ distance }) => distance),
    yesNo(
      'device_known',
      Int32Array.from(payments, ({ deviceKnown }) => (Number.isNaN(deviceKnown) ? -1 : deviceKnown)),
    ),
    from('minutes_since_last', ({ minutesSinceLast }) => minutesSinceLast),
    from('payments_24h', ({ recent }) => recent),
    yesNo(
      'new_merchant',
      Int32Array.from(payments, ({ newMerchant }) => newMerchant),
    ),
    from('card_months', ({ cardMonths }) => cardMonths),
  ];
}

const yesNo = (name: string, codes: ArrayLike<number>): CategoricalColumn => ({
  kind: 'categorical',
  name,
  categories: ['no', 'yes'],
  codes: Int32Array.from(codes),
});
