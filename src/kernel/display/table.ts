// Rows and columns as an HTML table and as aligned text: the first and the last of them, with how many there are.

import { inspect } from 'node:util';
import { currentOptions } from './options.js';
import { counted, escapeHtml, shorten, shortNumber } from './words.js';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: number;
  /** Only the cells that are shown are asked for. */
  cell(row: number, column: number): unknown;
  /** What stands before each row: its name or number. */
  name?(row: number): unknown;
}

/** How many characters of a cell are shown. */
const longest = { html: 200, text: 40 };

export function tableForms(table: Table): { 'text/html': string; 'text/plain': string } {
  const { maxRows, maxColumns } = currentOptions();
  const rows = ends(table.rows, maxRows);
  const columns = ends(table.columns.length, maxColumns);
  const cells = rows.map((row) =>
    row === gap ? row : columns.map((column) => (column === gap ? column : table.cell(row, column))),
  );
  const numeric = columns.map((column, at) => column !== gap && isNumeric(cells.map((row) => row !== gap && row[at])));
  const parts = { table, rows, columns, cells, numeric };
  return { 'text/html': html(parts), 'text/plain': text(parts) };
}

const gap = Symbol('left out');

interface Parts {
  readonly table: Table;
  readonly rows: readonly (number | typeof gap)[];
  readonly columns: readonly (number | typeof gap)[];
  readonly cells: readonly (typeof gap | readonly unknown[])[];
  readonly numeric: readonly boolean[];
}

/** 0 to n - 1, or of these the first and the last. */
function ends(n: number, limit: number): (number | typeof gap)[] {
  if (n <= limit) return Array.from({ length: n }, (_, index) => index);
  const last = Math.floor(limit / 2);
  const first = Math.floor(limit) - last;
  return [
    ...Array.from({ length: first }, (_, index) => index),
    gap,
    ...Array.from({ length: last }, (_, index) => n - last + index),
  ];
}

function isNumeric(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== false && value !== null && value !== undefined && value !== gap);
  return present.length > 0 && present.every((value) => typeof value === 'number' || typeof value === 'bigint');
}

/** A value in a line. */
function cellText(value: unknown, length: number): string {
  if (typeof value === 'string') return shorten(value, length);
  if (typeof value === 'number' || typeof value === 'bigint') return shortNumber(value);
  if (value === undefined) return '';
  try {
    if (value instanceof Date) return value.toJSON() ?? 'Invalid Date';
    const options = { depth: 1, maxArrayLength: 6, maxStringLength: length, breakLength: Number.POSITIVE_INFINITY };
    return shorten(inspect(value, { ...options, compact: true }), length);
  } catch {
    return `[${typeof value}]`;
  }
}

function html({ table, rows, columns, cells, numeric }: Parts): string {
  const right = ' style="text-align: right"';
  const left = ' style="text-align: left"';
  const align = (at: number) => (numeric[at] ? right : left);
  const lines = ['<div>', '<table border="1" class="dataframe">', '<thead>', '<tr>'];
  if (table.name) lines.push('<th></th>');
  for (const [at, column] of columns.entries()) {
    const title = column === gap ? '…' : escapeHtml(shorten(String(table.columns[column]), longest.html));
    lines.push(`<th${align(at)}>${title}</th>`);
  }
  lines.push('</tr>', '</thead>', '<tbody>');
  for (const [at, row] of rows.entries()) {
    const values = cells[at];
    lines.push('<tr>');
    if (table.name) lines.push(`<th>${row === gap ? '…' : escapeHtml(cellText(table.name(row), longest.html))}</th>`);
    for (const index of columns.keys()) {
      const value = typeof values === 'symbol' ? gap : values?.[index];
      lines.push(`<td${align(index)}>${value === gap ? '…' : escapeHtml(cellText(value, longest.html))}</td>`);
    }
    lines.push('</tr>');
  }
  lines.push('</tbody>', '</table>', `<p>${size(table, '×')}</p>`, '</div>');
  return lines.join('\n');
}

function text({ table, rows, columns, cells, numeric }: Parts): string {
  const oneLine = (value: unknown) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what would break the table
    cellText(value, longest.text).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  const grid = [columns.map((column) => (column === gap ? '...' : oneLine(String(table.columns[column]))))];
  for (const row of cells) {
    grid.push(columns.map((_, at) => (row === gap || row[at] === gap ? '...' : oneLine(row[at]))));
  }
  const right = [...numeric];
  if (table.name) {
    const { name } = table;
    const names = rows.map((row) => (row === gap ? '...' : oneLine(name.call(table, row))));
    for (const [at, line] of grid.entries()) line.unshift(at === 0 ? '' : (names[at - 1] as string));
    right.unshift(false);
  }
  const widths = right.map((_, at) => Math.max(...grid.map((line) => (line[at] as string).length)));
  const lines = grid.map((line) =>
    line
      .map((cell, at) => (right[at] ? cell.padStart(widths[at] as number) : cell.padEnd(widths[at] as number)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, size(table, 'x')].join('\n');
}

function size(table: Table, times: string): string {
  const { maxRows, maxColumns } = currentOptions();
  const all = `${counted(table.rows, 'row')} ${times} ${counted(table.columns.length, 'column')}`;
  const changes: string[] = [];
  if (table.rows > maxRows) changes.push(`maxRows: ${table.rows}`);
  if (table.columns.length > maxColumns) changes.push(`maxColumns: ${table.columns.length}`);
  return changes.length === 0 ? all : `${all} (displayOptions({ ${changes.join(', ')} }) shows all)`;
}
