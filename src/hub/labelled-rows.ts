// Turns the records of a file into rows of text and label index, or says which line and column is at fault.
//
//   const labels = collectLabels(table, 'label');                     // ['negative', 'positive']
//   const rows = labelledRows(table, { text: 'text', label: 'label', labels });

import type { TextRow } from './text-dataset.js';
import type { FileRecord, FileTable } from './text-file.js';

export interface RowOptions {
  /** The column of the text. */
  readonly text: string;
  /** The column of the label. */
  readonly label: string;
  readonly labels: readonly string[];
}

/** Throws unless the table has rows and these columns. */
export function requireColumns(table: FileTable, columns: readonly string[]): void {
  if (table.records.length === 0) throw new Error(`${table.file}: a header but no rows.`);
  const missing = columns.find((column) => !table.columns.includes(column));
  if (missing === undefined) return;
  throw new Error(
    `${table.file}: no column '${missing}'. Its columns are ${table.columns.join(', ')}. ` +
      `Say which to read, for example { text: '${table.columns[0]}', label: '${table.columns.at(-1)}' }.`,
  );
}

/** The label names that occur in a column, sorted: by number if all are numbers, else by character code. */
export function collectLabels(table: FileTable, column: string): string[] {
  const names = [...new Set(table.records.map((record) => labelName(table, record, column)))];
  const numeric = names.every((name) => Number.isFinite(Number(name)));
  names.sort(numeric ? (a, b) => Number(a) - Number(b) : undefined);
  if (names.length < 2) {
    throw new Error(
      `${table.file}, column '${column}': a classifier needs at least 2 labels, found ${names.length} (${names.join(', ')}).`,
    );
  }
  return names;
}

/**
 * The rows of a table. A label is one of `labels`, or its index from 0 where no label is itself a number.
 * Columns other than text and label stay on the row.
 */
export function labelledRows(table: FileTable, options: RowOptions): TextRow[] {
  const indexOf = new Map(options.labels.map((name, i) => [name, i]));
  if (!options.labels.some((name) => Number.isFinite(Number(name)))) {
    for (const i of options.labels.keys()) indexOf.set(String(i), i);
  }
  return table.records.map((record) => {
    const name = labelName(table, record, options.label);
    const label = indexOf.get(name);
    if (label === undefined) {
      throw new Error(
        `${where(table, record, options.label)}: unknown label '${name}'. The labels are ${options.labels.join(', ')}.`,
      );
    }
    const { [options.text]: _text, [options.label]: _label, ...others } = record.fields;
    return { ...others, text: textOf(table, record, options.text), label };
  });
}

function where(table: FileTable, record: FileRecord, column: string): string {
  return `${table.file}, ${table.place ?? 'line'} ${record.line}, column '${column}'`;
}

function textOf(table: FileTable, record: FileRecord, column: string): string {
  const value = record.fields[column];
  if (value === undefined || value === null) throw new Error(`${where(table, record, column)}: the text is missing.`);
  if (typeof value !== 'string') {
    throw new Error(`${where(table, record, column)}: the text must be a string, found ${JSON.stringify(value)}.`);
  }
  if (value.trim() === '') throw new Error(`${where(table, record, column)}: the text is empty.`);
  return value;
}

function labelName(table: FileTable, record: FileRecord, column: string): string {
  const value = record.fields[column];
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
    throw new Error(`${where(table, record, column)}: the label is missing.`);
  }
  if (typeof value === 'object') {
    throw new Error(
      `${where(table, record, column)}: the label must be a string or a number, found ${JSON.stringify(value)}.`,
    );
  }
  return String(value).trim();
}
