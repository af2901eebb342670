// The records of a CSV file, read as a stream: each with its line, the bad ones apart, in flat memory however long the file is.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse/sync';
import { ownText } from './own-text.js';

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
  const names = header.fields.map((name) => ownText(name.trim()));
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
  const block = new Block(delimiter);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held = ''; // a carriage return at the end of a piece: the line feed may follow
  let rest = ''; // a record that has not ended
  try {
    for await (const piece of file) {
      const text = held + decode(decoder, piece as Uint8Array);
      held = text.endsWith('\r') ? '\r' : '';
      rest += (held === '' ? text : text.slice(0, -1)).replace(/\r\n?/g, '\n');
      const end = endOfRecords(rest);
      if (end === 0 && rest.length > longestRecord)
        throw new Error(
          `more than ${longestRecord >> 20} million characters in one row: a double quote is opened and never closed`,
        );
      const records = block.read(rest.slice(0, end));
      rest = rest.slice(end);
      yield records;
    }
    rest += decode(decoder) + held.replace('\r', '\n');
    yield block.read(rest);
  } catch (error) {
    throw new Error(`${path}, line ${block.line} or after: ${explain(error)}.`, { cause: error });
  } finally {
    file.destroy();
  }
}

/** Longest record, in characters. Far longer than any that is meant. */
const longestRecord = 1 << 24;

/** Where the last record ends that ends in the text: after the last line feed that is not between double quotes. */
function endOfRecords(text: string): number {
  let end = 0;
  let from = 0;
  for (let inside = false; ; inside = !inside) {
    const quote = text.indexOf('"', from);
    if (!inside) {
      const found = text.lastIndexOf('\n', (quote < 0 ? text.length : quote) - 1);
      if (found >= from) end = found + 1;
    }
    if (quote < 0) return end;
    from = quote + 1;
  }
}

/** Reads texts of whole records, one after another. */
class Block {
  /** The line of the file that is read next, counted from 1. */
  line = 1;
  readonly #delimiter: string;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  read(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const add = (line: number, fields: readonly string[]): void => {
      if (fields.length > 1 || fields[0]?.trim() !== '') records.push({ line, fields });
    };
    if (!text.includes('"')) {
      // Without quotes a record is a line and a comma separates: splitting takes a tenth of the parser's time.
      const lines = text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      for (const line of lines) add(this.line++, line.split(this.#delimiter));
      return records;
    }
    const before = this.line - 1;
    parse(text, {
      delimiter: this.#delimiter,
      record_delimiter: '\n',
      relax_column_count: true, // lengths are checked below, where the columns can be named
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }: { lines: number }): null => {
        // A record of one line needs no search for line ends in its fields.
        const ended = before + lines;
        const breaks =
          ended <= this.line ? 0 : fields.reduce((count, field) => count + field.split('\n').length - 1, 0);
        this.line = ended + 1;
        add(ended - breaks, fields);
        return null;
      },
    });
    this.line = before + text.split('\n').length - (text.endsWith('\n') ? 1 : 0) + 1;
    return records;
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
