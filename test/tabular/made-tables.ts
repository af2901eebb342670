// Small tables drawn from rules, so that what can be learnt from them is known.

import { seededRandom } from '../../src/hub/random.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';

/** Customers of whom the young, and those on the 'basic' plan, leave more often. Age and plan are missing in some rows. */
export function customers(rows: number, seed: number): Table {
  const random = seededRandom(seed);
  const age: (number | null)[] = [];
  const plan: (string | null)[] = [];
  const left: string[] = [];
  for (let row = 0; row < rows; row++) {
    const years = 18 + Math.floor(random() * 60);
    const chosen = ['basic', 'plus', 'pro'][Math.floor(random() * 3)] as string;
    const logOdds = (40 - years) / 8 + (chosen === 'basic' ? 1 : -1);
    age.push(random() < 0.1 ? null : years);
    plan.push(random() < 0.05 ? null : chosen);
    left.push(random() < 1 / (1 + Math.exp(-logOdds)) ? 'yes' : 'no');
  }
  return new Table([numeric('age', age), categorical('plan', plan), categorical('left', left)]);
}

/** Half of `y` is a line in `slope`, half a step in `jump`: neither a line nor a small tree finds both. */
export function lineAndStep(rows: number, seed: number): Table {
  const random = seededRandom(seed);
  const slope = Float64Array.from({ length: rows }, () => random() * 10);
  const jump = Float64Array.from({ length: rows }, () => random() * 10);
  const y = slope.map((x, row) => 2 * x + 12 * Number(Math.abs((jump[row] as number) - 5) < 2) + random());
  return new Table([numeric('slope', slope), numeric('jump', jump), numeric('y', y)]);
}
