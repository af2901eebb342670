// The records of a CSV file, read as a stream: each with its line, the bad ones apart, in flat memory however long the file is.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
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
): Promise<{ readonly names: readonly string[]; readonly records: AsyncGenerator<readonly CsvRecord[], void> }> {
  const { delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',' } = options;
  await requireFile(path);
  const pieces = rawRecords(path, delimiter);
  let first: readonly CsvRecord[] = [];
  while (first.length === 0) {
    const piece = await pieces.next();
    if (piece.done) throw new Error(`${path}: the file is empty.`);
    first = piece.value;
  }
  const [header, ...rows] = first as [CsvRecord, ...CsvRecord[]];
  const names = header.fields.map((name) => name.trim());
  checkHeader(names, path, header.line, delimiter);
  return { names, records: complete(rows, pieces, names, path, delimiter, options) };
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error(`${path}: there is no such file (looked from ${process.cwd()}).`);
    throw error;
  });
  if (found.isDirectory()) throw new Error(`${path}: this is a folder, not a file.`);
}

/** Every record that is not blank, as many at a time as a piece of the file holds: a generator that gave each alone would take as long again. */
async function* rawRecords(path: string, delimiter: string): AsyncGenerator<readonly CsvRecord[], void> {
  let found: CsvRecord[] = [];
  let line = 0;
  const onRecord = (fields: string[], { lines }: { lines: number }): null => {
    // A record of one line needs no search for line ends in its fields.
    const breaks = lines - line <= 1 ? 0 : fields.reduce((count, text) => count + text.split('\n').length - 1, 0);
    line = lines;
    if (fields.length > 1 || fields[0]?.trim() !== '') found.push({ line: lines - breaks, fields });
    return null;
  };
  // relax_column_count: lengths are checked below, where the columns can be named.
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, on_record: onRecord });
  const failed = new Promise<never>((_, fail) => parser.once('error', fail));
  failed.catch(() => {}); // asked for below, if at all
  const ended = new Promise<void>((done) => parser.once('end', done));
  parser.resume();
  const write = (text: string): Promise<void> =>
    Promise.race([new Promise<void>((done) => parser.write(text, () => done())), failed]);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held = ''; // a carriage return at the end of a piece: the line feed may follow
  try {
    for await (const piece of file) {
      const text = held + decode(decoder, piece as Uint8Array);
      held = text.endsWith('\r') ? '\r' : '';
      await write((held === '' ? text : text.slice(0, -1)).replace(/\r\n?/g, '\n'));
      yield found;
      found = [];
    }
    parser.end(decode(decoder));
    await Promise.race([ended, failed]);
    yield found;
  } catch (error) {
    throw new Error(`${path}, line ${line + 1} or after: ${explain(error)}.`, { cause: error });
  } finally {
    file.destroy();
    parser.destroy();
  }
}

function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new Error('not UTF-8. Save the file as UTF-8 and load it again');
  }
}

/** The records that have a field for each column; the others are told or raised. */
async function* complete(
  first: readonly CsvRecord[],
  rest: AsyncGenerator<readonly CsvRecord[], void>,
  names: readonly string[],
  path: string,
  delimiter: string,
  { badRows = 'error', onBadRow }: CsvRecordOptions,
): AsyncGenerator<readonly CsvRecord[], void> {
  const named: string[] = [];
  let count = 0;
  const isWhole = ({ line, fields }: CsvRecord): boolean => {
    if (fields.length === names.length) return true;
    const problem = `${fields.length} fields where the header has ${names.length}`;
    count++;
    if (named.length < mostNamed) named.push(`line ${line}: ${problem}`);
    if (badRows === 'skip') onBadRow?.(line, problem);
    return false;
  };
  yield first.filter(isWhole);
  for await (const records of rest) {
    const whole = records.filter(isWhole);
    if (count === 0 || badRows === 'skip') yield whole;
  }
  if (count === 0 || badRows === 'skip') return;
  const more = count > named.length ? `, and ${count - named.length} more` : '';
  throw new Error(
    `${path}: ${count} bad rows (${named.join('; ')}${more}). A field that contains ${JSON.stringify(delimiter)} must stand in double quotes; { badRows: 'skip' } leaves such rows out.`,
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
