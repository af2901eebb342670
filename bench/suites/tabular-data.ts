// Adult (who earns more than 50,000 dollars a year) as both sides of the suite tabular read it: columns as numbers and codes, so that
// neither parses text.
import { join } from 'node:path';
import { readCsv } from '../../src/hub/csv.js';

const TARGET = 'income';

export interface NumericValues {
  readonly name: string;
  readonly kind: 'numeric';
  readonly values: readonly number[];
}
export interface CategoricalValues {
  readonly name: string;
  readonly kind: 'categorical';
  /** Those of the training rows, sorted. */
  readonly categories: readonly string[];
  /** -1 where the value is missing, or not among the categories. */
  readonly codes: readonly number[];
}

/** Columns in one order for both sides. */
export interface Rows {
  readonly columns: readonly (NumericValues | CategoricalValues)[];
  /** 0 or 1 a row. */
  readonly labels: readonly number[];
}

export interface AdultData {
  readonly target: string;
  readonly classes: readonly string[];
  readonly train: Rows;
  readonly test: Rows;
}

/** Reads adult_train.csv and adult_test.csv of a folder. A column is numeric where all its training values are numbers. */
export async function readAdult(folder: string): Promise<AdultData> {
  const files = await Promise.all(['adult_train.csv', 'adult_test.csv'].map((name) => readCsv(join(folder, name))));
  const [train, test] = files.map(({ records }) => records.map(({ fields }) => fields as Record<string, string>)) as [
    Record<string, string>[],
    Record<string, string>[],
  ];
  const names = (files[0]?.columns ?? []).filter((name) => name !== TARGET);
  const classes = [...new Set(train.map((row) => String(row[TARGET])))].sort();
  const readers = names.map((name) => columnReader(name, train));
  const rowsOf = (rows: Record<string, string>[]): Rows => ({
    columns: readers.map((read) => read(rows)),
    labels: rows.map((row) => classes.indexOf(String(row[TARGET]))),
  });
  return { target: TARGET, classes, train: rowsOf(train), test: rowsOf(test) };
}

function columnReader(
  name: string,
  train: Record<string, string>[],
): (rows: Record<string, string>[]) => NumericValues | CategoricalValues {
  const textOf = (row: Record<string, string>): string => (row[name] ?? '').trim();
  const texts = [...new Set(train.map(textOf))].filter((text) => text !== '' && text !== '?').sort();
  if (texts.every((text) => Number.isFinite(Number(text))))
    return (rows) => ({ name, kind: 'numeric', values: rows.map((row) => Number(textOf(row))) });
  const codes = new Map(texts.map((text, code) => [text, code]));
  return (rows) => ({
    name,
    kind: 'categorical',
    categories: texts,
    codes: rows.map((row) => codes.get(textOf(row)) ?? -1),
  });
}
