// A column of a table: its name, what kind of values it holds, and the values themselves in one typed array.
//
//   numeric('age', [31, null, 58]);                    // values: 31, NaN, 58
//   categorical('plan', ['basic', 'plus', undefined]); // codes: 0, 1, -1; categories: basic, plus
//   date('joined', [new Date('2026-01-31'), null]);

/** Numbers. NaN is a missing value. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  readonly values: Float64Array;
}

/** Names out of a known list. `categories[codes[row]]` is a row's name; the code -1 is a missing value. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly name: string;
  readonly codes: Int32Array;
  /** Each once. Those that do not occur may be among them. */
  readonly categories: readonly string[];
}

/** Points in time: milliseconds since 1970-01-01 UTC, as `Date` counts them. NaN is a missing value. */
export interface DateColumn {
  readonly kind: 'date';
  readonly name: string;
  readonly values: Float64Array;
}

export type Column = NumericColumn | CategoricalColumn | DateColumn;
export type ColumnKind = Column['kind'];

/** One cell as a person reads it; undefined where it is missing. */
export type Value = number | string | Date | undefined;

type Missing = null | undefined;

/** A numeric column; null, undefined and NaN are missing values. */
export function numeric(name: string, values: ArrayLike<number | Missing>): NumericColumn {
  return { kind: 'numeric', name, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

/** A date column of `Date`s or of milliseconds since 1970; null, undefined and NaN are missing values. */
export function date(name: string, values: ArrayLike<Date | number | Missing>): DateColumn {
  return { kind: 'date', name, values: Float64Array.from(values, (value) => Number(value ?? Number.NaN)) };
}

/**
 * A categorical column. Its categories are those given, in that order, else those that occur, sorted by code unit: so "no"
 * stands before "yes", and the second of two is what a classifier calls positive.
 * @throws Error if a value is not among the categories given
 */
export function categorical(
  name: string,
  values: ArrayLike<string | number | boolean | Missing>,
  categories?: readonly string[],
): CategoricalColumn {
  const texts = Array.from(values, (value) => (value === null || value === undefined ? undefined : String(value)));
  const known = categories ?? [...new Set(texts)].filter((text) => text !== undefined).sort();
  const places = new Map(known.map((category, code) => [category, code]));
  const codes = Int32Array.from(texts, (text, row) => {
    if (text === undefined) return -1;
    const code = places.get(text);
    if (code === undefined)
      throw new Error(`Column '${name}', row ${row}: '${text}' is not among its categories (${known.join(', ')}).`);
    return code;
  });
  return { kind: 'categorical', name, codes, categories: known };
}

/** How many values a column has. */
export const lengthOf = (column: Column): number =>
  column.kind === 'categorical' ? column.codes.length : column.values.length;

/** How many of its values are missing. */
export function missingOf(column: Column): number {
  let count = 0;
  if (column.kind === 'categorical') for (const code of column.codes) count += Number(code < 0);
  else for (const value of column.values) count += Number(Number.isNaN(value));
  return count;
}

/** The cell of a row. */
export function valueAt(column: Column, row: number): Value {
  if (column.kind === 'categorical') return column.categories[column.codes[row] as number];
  const value = column.values[row] as number;
  if (Number.isNaN(value)) return undefined;
  return column.kind === 'date' ? new Date(value) : value;
}

/** The column with these rows alone, in this order; a row may come more than once. */
export function takeColumn(column: Column, rows: ArrayLike<number>): Column {
  if (column.kind === 'categorical')
    return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) };
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) };
}
