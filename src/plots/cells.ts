// A table's values as short texts: ticks, boxes and hover of the pictures of tables.

import { type Column, valueAt } from '../tabular/table/column.js';
import { plainNumber } from './numbers.js';

/** The value of a row: 31, basic, 2026-01-31, or 'missing'. */
export function valueText(column: Column, row: number): string {
  const value = valueAt(column, row);
  if (value === undefined) return 'missing';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'number' ? brief(value) : value;
}

/** A number that stands alone: 0.5 and not 0.5000, as there is nothing it should line up with. */
export function brief(value: number): string {
  const written = plainNumber(value);
  return written.includes('e') ? written : written.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** At most `most` characters, the last of them '…' where some are left out. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** '+0.12' or '−0.12': a change is never without its sign. */
export function signed(value: number, write: (size: number) => string): string {
  return `${value < 0 ? '−' : '+'}${write(Math.abs(value))}`;
}

/** To four significant digits: what a page draws needs no more, and is sent so. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
