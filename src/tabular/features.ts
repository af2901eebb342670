// The columns a model has learnt from, and how it reads them in another table: found by name, categories under the codes of training.

import type { Column, ColumnKind } from './table/column.js';
import type { Table } from './table/table.js';

/** A column as it was when a model learnt from it. */
export interface Feature {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a categorical column. */
  readonly categories?: readonly string[];
}

/** What there is to learn from: every column but the target. Throws if that is none. */
export function featuresOf(train: Table, target: string): Feature[] {
  const features = train.columns
    .filter(({ name }) => name !== target)
    .map(({ name, kind, ...rest }) => ({
      name,
      kind,
      ...('categories' in rest ? { categories: rest.categories } : {}),
    }));
  if (features.length === 0) throw new Error(`There is nothing to learn from: '${target}' is the only column.`);
  return features;
}

/**
 * A table's columns as a model knows them, in its order. A category that training did not know becomes a missing value.
 * @throws Error naming a column that is not there or of another kind
 */
export function readFeatures(table: Table, features: readonly Feature[]): Column[] {
  return features.map(({ name, kind, categories }) => {
    if (!table.has(name))
      throw new Error(
        `The model learnt from a column '${name}', which the table lacks. It has ${table.names.join(', ')}.`,
      );
    const column = table.column(name);
    if (column.kind !== kind)
      throw new Error(`The column '${name}' is ${column.kind}, and the model learnt from it as ${kind}.`);
    if (column.kind !== 'categorical' || categories === undefined || sameList(column.categories, categories))
      return column;
    const places = new Map(categories.map((category, code) => [category, code]));
    const codes = column.categories.map((category) => places.get(category) ?? -1);
    return { ...column, categories, codes: column.codes.map((code) => (code < 0 ? -1 : (codes[code] as number))) };
  });
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, i) => text === b[i]));
