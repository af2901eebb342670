// The records of a CSV file, read as a stream: each with its line, the bad ones apart, in flat memory however long the file is.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';

/** One record and the line of the file on which it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvRecordOptions {
  /** What separates the fields. Default: a comma, for `.tsv` a tab. */
  readonly delimiter?: string;
  /**
   * What is done with rows that have too few or too many fields: 'error' (default) collects some and then raises one error that
   * names their lines; 'skip' leaves them out and tells `onBadRow`.
   */
  readonly badRows?: 'error' | 'skip';
  readonly onBadRow?: (line: number, problem: string) => void;
}

/** So many bad rows are named in an error, at most. */
const mostNamed = 10;

/** Opens a file and reads its header. */
export async function openCsv(
  path: string,
  options: CsvRecordOptions = {},
): Promise<{ readonly names: readonly string[]; readonly records: AsyncGenerator<CsvRecord, void> }> {
  const { delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',' } = options;
  await requireFile(path);
  const rows = rawRecords(path, delimiter);
  const header = await rows.next();
  if (header.done) throw new Error(`${path}: the file is empty.`);
  const names = header.value.fields.map((name) => name.trim());
  checkHeader(names, path, header.value.line, delimiter);
  return { names, records: complete(rows, names, path, delimiter, options) };
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error(`${path}: there is no such file (looked from ${process.cwd()}).`);
    throw error;
  });
  if (found.isDirectory()) throw new Error(`${path}: this is a folder, not a file.`);
}

/** Every record that is not blank. */
async function* rawRecords(path: string, delimiter: string): AsyncGenerator<CsvRecord, void> {
  // relax_column_count: lengths are checked below, where the columns can be named.
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, info: true });
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const feed = (async () => {
    try {
      for await (const chunk of file) {
        const text = decoder.decode(chunk as Uint8Array, { stream: true });
        if (!parser.write(text)) await new Promise((go) => parser.once('drain', go).once('close', go));
        if (parser.destroyed) return;
      }
      parser.end(decoder.decode());
    } catch (error) {
      parser.destroy(
        error instanceof TypeError
          ? new Error('not UTF-8. Save the file as UTF-8 and load it again')
          : (error as Error),
      );
    }
  })();
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const breaks = record.reduce(
        (count, field) => count + (field.includes('\n') ? field.split('\n').length - 1 : 0),
        0,
      );
      line = info.lines;
      if (record.length > 1 || record[0]?.trim() !== '') yield { line: line - breaks, fields: record };
    }
  } catch (error) {
    throw new Error(`${path}, line ${line + 1} or after: ${explain(error)}.`, { cause: error });
  } finally {
    file.destroy();
    parser.destroy();
    await feed;
  }
}

/** The records that have a field for each column; the others are told or raised. */
async function* complete(
  rows: AsyncGenerator<CsvRecord, void>,
  names: readonly string[],
  path: string,
  delimiter: string,
  { badRows = 'error', onBadRow }: CsvRecordOptions,
): AsyncGenerator<CsvRecord, void> {
  const bad: string[] = [];
  let count = 0;
  for await (const row of rows) {
    const found = row.fields.length;
    if (found === names.length) {
      if (count === 0 || badRows === 'skip') yield row;
      continue;
    }
    const problem = `${found} fields where the header has ${names.length}`;
    count++;
    if (bad.length < mostNamed) bad.push(`line ${row.line}: ${problem}`);
    if (badRows === 'skip') onBadRow?.(row.line, problem);
  }
  if (count === 0 || badRows === 'skip') return;
  const more = count > bad.length ? `, and ${count - bad.length} more` : '';
  throw new Error(
    `${path}: ${count} bad rows (${bad.join('; ')}${more}). A field that contains ${JSON.stringify(delimiter)} must stand in double quotes; { badRows: 'skip' } leaves such rows out.`,
  );
}

function checkHeader(names: readonly string[], path: string, line: number, delimiter: string): void {
  const other = [';', '\t', ',', '|'].find((mark) => mark !== delimiter && names[0]?.includes(mark));
  if (names.length === 1 && other !== undefined) {
    const shown = JSON.stringify(other);
    throw new Error(
      `${path}, line ${line}: the fields seem to be separated by ${shown}. Pass { delimiter: ${shown} }.`,
    );
  }
  const empty = names.indexOf('');
  if (empty >= 0) throw new Error(`${path}, line ${line}: column ${empty + 1} has no name in the header.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${path}, line ${line}: the header has the column '${twice}' twice.`);
}

function explain(error: unknown): string {
  if (!(error instanceof CsvError)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a double quote is opened and never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'unbalanced double quotes: text follows a closing quote. Inside a quoted field, write a quote twice ("")';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands inside a field that does not begin with one. Quote the whole field and write the inner quote twice ("")';
    default:
      return error.message;
  }
}
