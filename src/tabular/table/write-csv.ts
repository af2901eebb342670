// Tables into CSV files that readCsvTable, pandas and spreadsheets read.
//
//   await writeCsvTable(predictions, 'out/predictions.csv');

import type { FileHandle } from 'node:fs/promises';
import { writeAll, writeFileAtomically } from '../../hub/atomic-file.js';
import { type Column, valueAt } from './column.js';
import { missingTexts } from './infer.js';
import type { Table } from './table.js';

/** Rows between two writes. */
const rowsAtOnce = 10_000;

/**
 * Writes a table as RFC 4180 says: UTF-8, names first, lines end in CRLF, missing values are empty (NA in a table of one
 * column), dates ISO 8601. The file appears whole or not at all, folders are made. Read back with the kinds of its columns as `types`, it is the same table, except
 * that categories which do not occur are gone and the others are sorted.
 * @throws Error naming a cell that CSV cannot tell from something else: a category that reads as a missing value or has space
 *   around it, a number that is infinite
 */
export async function writeCsvTable(table: Table, path: string): Promise<void> {
  if (table.columns.length === 0) throw new Error(`writeCsvTable: the table for ${path} has no columns.`);
  for (const { name } of table.columns) {
    if (name.trim() !== name || name === '')
      throw new Error(`writeCsvTable: the column name '${name}' is empty or has space around it. Rename it.`);
  }
  const texts = table.columns.map(textsOf);
  await writeFileAtomically(path, async (file) => {
    await writeLines(file, [table.names.map(quoted)]);
    for (let start = 0; start < table.rowCount; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, table.rowCount - start);
      await writeLines(
        file,
        Array.from({ length: rows }, (_, row) => texts.map((text) => text(start + row))),
      );
    }
  });
}

const writeLines = (file: FileHandle, lines: readonly (readonly string[])[]): Promise<void> =>
  // A lone empty field would be a blank line, which readers pass over.
  writeAll(file, Buffer.from(lines.map((fields) => `${fields.join(',') || 'NA'}\r\n`).join('')));

/** What writes a cell of a column, by row. */
function textsOf(column: Column): (row: number) => string {
  if (column.kind !== 'categorical') return (row) => plainText(column, row);
  const texts = column.categories.map((category) => {
    if (category.trim() !== category || missingTexts.includes(category))
      throw new Error(
        `writeCsvTable: '${column.name}' has the category '${category}', which would be read back as something else. Rename it.`,
      );
    return quoted(category);
  });
  return (row) => texts[column.codes[row] as number] ?? '';
}

function plainText(column: Column, row: number): string {
  const value = valueAt(column, row);
  if (value === undefined) return '';
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? '' : value.toISOString();
    if (/^\d{4}-/.test(text)) return text.replace('T00:00:00.000Z', '');
    throw new Error(`writeCsvTable: '${column.name}', row ${row}: a date beyond the years 0 to 9999.`);
  }
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  throw new Error(`writeCsvTable: '${column.name}', row ${row} is ${value}, which CSV has no number for.`);
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
