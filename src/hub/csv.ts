// Reads a CSV file (RFC 4180, header first) into records that know their line, so that errors can name it.
//
//   const table = await readCsv('reviews.csv');
//   table.columns;      // ['text', 'label']
//   table.records[0];   // { line: 2, fields: { text: 'Broke after a week.', label: 'negative' } }

import { CsvError, parse } from 'csv-parse/sync';
import { type FileRecord, type FileTable, readTextFile } from './text-file.js';

export interface CsvOptions {
  /** What stands between two fields. Default: a tab for `.tsv`, else a comma. */
  readonly delimiter?: string;
}

/** Reads a CSV (or, by its ending, TSV) file. Every value is a string; blank lines are skipped. */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<FileTable> {
  const delimiter = options.delimiter ?? (path.toLowerCase().endsWith('.tsv') ? '\t' : ',');
  return parseCsv(await readTextFile(path), path, delimiter);
}

/** Parses CSV text with `\n` line ends. `file` is the name used in errors. */
export function parseCsv(text: string, file: string, delimiter = ','): FileTable {
  const lines = fieldsOfLines(text, file, delimiter);
  const header = lines[0];
  if (header === undefined) throw new Error(`${file}: the file is empty.`);
  const columns = header.fields.map((name) => name.trim());
  checkHeader(columns, file, header.line, delimiter);

  const records = lines.slice(1).map(({ line, fields }): FileRecord => {
    if (fields.length !== columns.length) {
      throw new Error(
        `${file}, line ${line}: ${fields.length} fields where the header has ${columns.length} (${columns.join(', ')}). ` +
          `A field that contains '${delimiter}' must stand in double quotes.`,
      );
    }
    return { line, fields: Object.fromEntries(columns.map((column, i) => [column, fields[i]])) };
  });
  return { file, columns, records };
}

interface FieldsOfLine {
  readonly line: number;
  readonly fields: readonly string[];
}

function fieldsOfLines(text: string, file: string, delimiter: string): FieldsOfLine[] {
  const records: FieldsOfLine[] = [];
  let lastLine = 0;
  const onRecord = (fields: string[], info: { lines: number }): null => {
    lastLine = info.lines;
    const lineBreaks = fields.reduce((count, field) => count + field.split('\n').length - 1, 0);
    if (fields.length > 1 || fields[0]?.trim() !== '') records.push({ line: lastLine - lineBreaks, fields });
    return null;
  };
  try {
    // relax_column_count: lengths are checked by parseCsv, which can name the columns.
    parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, on_record: onRecord });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${file}, line ${nextRecord(text, lastLine)}: ${explain(error)}`);
  }
  return records;
}

/** The first line after `lastLine` that is not blank: where the record that could not be read begins. */
function nextRecord(text: string, lastLine: number): number {
  const lines = text.split('\n');
  return 1 + lines.findIndex((line, i) => i >= lastLine && line.trim() !== '');
}

function explain(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a double quote is opened and never closed.';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'unbalanced double quotes: text follows a closing quote. Inside a quoted field, write a quote twice ("").';
    case 'INVALID_OPENING_QUOTE':
      return 'unbalanced double quotes: a quote stands inside a field that does not begin with one. Quote the whole field and write the inner quote twice ("").';
    default:
      return error.message;
  }
}

function checkHeader(columns: readonly string[], file: string, line: number, delimiter: string): void {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${file}, line ${line}: the header has the column '${twice}' twice.`);
  const other = [';', '\t', ','].find((mark) => mark !== delimiter && columns[0]?.includes(mark));
  if (columns.length === 1 && other !== undefined) {
    const shown = JSON.stringify(other);
    throw new Error(
      `${file}, line ${line}: the fields seem to be separated by ${shown}. Pass { delimiter: ${shown} }.`,
    );
  }
}
