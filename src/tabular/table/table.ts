// A table: named columns of one length. It is never changed; every method gives a new table that shares what it can.
//
//   const people = new Table([numeric('age', [31, 58]), categorical('plan', ['basic', 'plus'])]);
//   people.numeric('age').values;          // Float64Array [31, 58]
//   people.take([1]).drop('age').row(0);   // { plan: 'plus' }

import { inspect } from 'node:util';
import { jupyterDisplay } from '../../jupyter-display.js';
import {
  type CategoricalColumn,
  type Column,
  type ColumnKind,
  lengthOf,
  type NumericColumn,
  takeColumn,
  type Value,
  valueAt,
} from './column.js';
import { sizeText, tableHtml, tableText } from './display.js';

/** One row as a record: undefined where a value is missing. */
export type Row = Readonly<Record<string, Value>>;

export class Table {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly #byName: ReadonlyMap<string, Column>;

  /** @throws Error if two columns have one name, or their lengths differ */
  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.rowCount = columns[0] === undefined ? 0 : lengthOf(columns[0]);
    this.#byName = new Map(columns.map((column) => [column.name, column]));
    const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
    if (twice !== undefined) throw new Error(`A table has each column once, and '${twice.name}' is there twice.`);
    const other = columns.find((column) => lengthOf(column) !== this.rowCount);
    if (other !== undefined)
      throw new Error(
        `Columns of a table have one length: '${columns[0]?.name}' has ${this.rowCount} values, '${other.name}' ${lengthOf(other)}.`,
      );
  }

  get names(): string[] {
    return this.columns.map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** @throws Error naming the columns there are */
  column(name: string): Column {
    const column = this.#byName.get(name);
    if (column === undefined)
      throw new Error(`There is no column '${name}'. The columns are ${this.names.join(', ')}.`);
    return column;
  }

  /** @throws Error if there is no such column or it holds something else */
  numeric(name: string): NumericColumn {
    return this.#ofKind(name, 'numeric') as NumericColumn;
  }

  /** @throws Error if there is no such column or it holds something else */
  categorical(name: string): CategoricalColumn {
    return this.#ofKind(name, 'categorical') as CategoricalColumn;
  }

  /** These columns alone, in this order. */
  select(...names: readonly string[]): Table {
    return new Table(names.map((name) => this.column(name)));
  }

  /** All but these columns. */
  drop(...names: readonly string[]): Table {
    for (const name of names) this.column(name);
    return new Table(this.columns.filter(({ name }) => !names.includes(name)));
  }

  /** With new names for some columns: `{ old: 'new' }`. */
  rename(names: Readonly<Record<string, string>>): Table {
    for (const name of Object.keys(names)) this.column(name);
    return new Table(this.columns.map((column) => ({ ...column, name: names[column.name] ?? column.name })));
  }

  /** With this column in place of the one of its name, or as the last. */
  with(column: Column): Table {
    return new Table(
      this.has(column.name)
        ? this.columns.map((other) => (other.name === column.name ? column : other))
        : [...this.columns, column],
    );
  }

  /** These rows alone, in this order; a row may come more than once. */
  take(rows: ArrayLike<number>): Table {
    for (let i = 0; i < rows.length; i++) this.#checkRow(rows[i] as number);
    return new Table(this.columns.map((column) => takeColumn(column, rows)));
  }

  /** The rows from `start` up to, not including, `end`, as `Array.slice` counts them. */
  slice(start = 0, end = this.rowCount): Table {
    return this.take(Array.from({ length: this.rowCount }, (_, row) => row).slice(start, end));
  }

  /** The rows for which `keep` is true, which gets each row as a record. */
  filter(keep: (row: Row, index: number) => boolean): Table {
    const rows: number[] = [];
    for (let row = 0; row < this.rowCount; row++) if (keep(this.row(row), row)) rows.push(row);
    return this.take(rows);
  }

  /** One row as a record. */
  row(index: number): Row {
    this.#checkRow(index);
    return Object.fromEntries(this.columns.map((column) => [column.name, valueAt(column, index)]));
  }

  /** All rows as records. */
  records(): Row[] {
    return Array.from({ length: this.rowCount }, (_, row) => this.row(row));
  }

  /** What a notebook shows: the first rows, with the kinds of the columns. */
  [jupyterDisplay](): { readonly 'text/html': string; readonly 'text/plain': string } {
    return { 'text/html': tableHtml(this), 'text/plain': tableText(this) };
  }

  /** What `console.log` prints: the first rows, or the size alone where the table is part of something. */
  [inspect.custom](depth: number, options: { readonly depth?: number | null }): string {
    return depth < (options.depth ?? depth) ? `[Table: ${sizeText(this)}]` : tableText(this);
  }

  #ofKind(name: string, kind: ColumnKind): Column {
    const column = this.column(name);
    if (column.kind !== kind) throw new Error(`The column '${name}' is ${column.kind}, not ${kind}.`);
    return column;
  }

  #checkRow(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.rowCount)
      throw new RangeError(`There is no row ${row}: the table has ${this.rowCount} rows, counted from 0.`);
  }
}
