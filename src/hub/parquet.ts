/**
 * Reads parquet files, in which most data sets of the hub are kept, row group by row group and only the columns asked for:
 * memory holds one row group, however long the file is.
 *
 *     const file = await ParquetFile.open('train-00000-of-00001.parquet');
 *     file.columns;                                  // [{ name: 'sentence', kind: 'string' }, { name: 'label', kind: 'integer' }]
 *     for await (const { line, fields } of file.records(['sentence', 'label'])) ...   // 1, { sentence: 'a smile', label: 1 }
 *     await file.close();
 *
 * hyparquet decodes; what it trusts of a file is checked before (`parquet-pages.ts`), so that a damaged or hostile one gives an
 * error that names it. Compressions: none, snappy, gzip, zstd, brotli, LZ4. Lists and structs are listed, not read.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type DecodedArray, type FileMetaData, parquetMetadata, parquetScan, type SchemaElement } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { ParquetError } from './parquet-error.js';
import { type Leaf, natural, unpackedPages } from './parquet-pages.js';
import { checkThrift } from './parquet-thrift.js';
import { readExactly } from './read-exactly.js';
import type { FileRecord } from './text-file.js';

/** `other` are lists, structs, bytes, times: columns that are not read. */
export type ColumnKind = 'string' | 'integer' | 'float' | 'boolean' | 'other';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

const MAGIC = 'PAR1';
/** Bounds far beyond what writers make: metadata of thousands of row groups, groups of a million rows. */
const LARGEST_METADATA = 2 ** 26;
const LARGEST_CHUNK = 2 ** 30;
const MOST_ROWS_IN_GROUP = 2 ** 24;

export class ParquetFile {
  /** Rows of the whole file. */
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** What its writer left in it, such as `huggingface`: the features of the data set, as JSON. */
  readonly keyValues: ReadonlyMap<string, string>;
  /** Bytes of column data read so far. */
  bytesRead = 0;
  readonly #name: string;
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #metadata: FileMetaData;

  private constructor(name: string, file: FileHandle, size: number, metadata: FileMetaData) {
    this.#name = name;
    this.#file = file;
    this.#size = size;
    this.#metadata = metadata;
    this.columns = columnsOf(metadata.schema);
    this.rows = metadata.row_groups.reduce((sum, group) => sum + natural(group.num_rows, 'the rows of a row group'), 0);
    if (this.rows !== natural(metadata.num_rows, 'the number of rows')) {
      throw new Error(`it states ${metadata.num_rows} rows and has row groups of ${this.rows}`);
    }
    this.keyValues = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? '']));
  }

  /**
   * Opens a file and reads its metadata.
   * @param name names the file in errors; default: its path
   * @throws ParquetError if it is no parquet file; the system's error if it cannot be opened
   */
  static async open(path: string, name: string = path): Promise<ParquetFile> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return new ParquetFile(name, file, size, await readMetadata(file, size));
    } catch (error) {
      await file.close();
      throw damaged(name, error);
    }
  }

  /** Rows and row groups: what a progress bar or a plan may want to know. */
  get rowGroups(): number {
    return this.#metadata.row_groups.length;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /**
   * The rows in order; `line` is the row's number, from 1. Integers beyond 2^53 stay BigInt, nulls are null.
   * @throws ParquetError if the file is damaged, or a column is not of plain values
   */
  async *records(columns: readonly string[]): AsyncGenerator<FileRecord, void, undefined> {
    for (const name of columns) {
      const column = this.columns.find((one) => one.name === name);
      const state =
        column === undefined ? 'is missing' : column.kind === 'other' ? 'is not of plain values' : undefined;
      if (state) {
        const names = this.columns.map((one) => one.name).join(', ');
        throw new ParquetError(`${this.#name}: the column '${name}' ${state}. Its columns are ${names}.`);
      }
    }
    let before = 0;
    for (const [group, { num_rows }] of this.#metadata.row_groups.entries()) {
      const rows = Number(num_rows);
      const values: DecodedArray[] = [];
      for (const name of columns) values.push(await this.#column(group, name, before));
      for (let i = 0; i < rows; i++) {
        const fields: Record<string, unknown> = {};
        for (const [c, name] of columns.entries()) fields[name] = plain(values[c]?.[i]);
        yield { line: before + i + 1, fields };
      }
      before += rows;
    }
  }

  /** A column of a row group: as many values as it has rows. */
  async #column(group: number, name: string, before: number): Promise<DecodedArray> {
    try {
      const rowGroup = this.#metadata.row_groups[group] as FileMetaData['row_groups'][number];
      const rows = natural(rowGroup.num_rows, 'the rows of a row group');
      if (rows === 0) return [];
      if (rows > MOST_ROWS_IN_GROUP) throw new Error(`${rows} rows in one group are more than we read at once`);
      const chunk = rowGroup.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name);
      const element = this.#metadata.schema.find((one, i) => i > 0 && one.name === name && one.type !== undefined);
      const metadata = chunk?.meta_data;
      if (chunk === undefined || metadata === undefined || element === undefined) throw new Error('it is not there');
      if (metadata.type !== element.type || metadata.path_in_schema.length !== 1)
        throw new Error('its type is unclear');
      const start = natural(metadata.dictionary_page_offset || metadata.data_page_offset, 'its offset');
      const length = natural(metadata.total_compressed_size, 'its size');
      if (start + length > this.#size) throw new Error(`its ${length} bytes reach beyond the file's ${this.#size}`);
      if (length > LARGEST_CHUNK) throw new Error(`its ${length} bytes in one row group are more than we read at once`);
      const bytes = new Uint8Array(length);
      await readExactly(this.#file, bytes, start);
      this.bytesRead += length;

      const leaf: Leaf = { element, metadata, rows };
      const pages = unpackedPages(bytes, leaf);
      const scan = await parquetScan({
        // It asks for the chunk and nothing else; were it to, the bytes would be the wrong ones.
        file: {
          byteLength: this.#size,
          slice(from, to) {
            if (from !== start || to !== start + length) throw new Error('its pages are spread over the file');
            return bytes.buffer;
          },
        },
        metadata: { ...this.#metadata, row_groups: [rowGroup], num_rows: rowGroup.num_rows },
        columns: [name],
        useOffsetIndex: false,
        parsers: { stringFromBytes },
        compressors: {
          [metadata.codec]: (packed: Uint8Array) => pages.get(packed.byteOffset) ?? new Uint8Array(0),
        },
      });
      const values = await scan.readColumn({ column: name, rowStart: 0, rowEnd: rows });
      if (values.length < rows) throw new Error(`${values.length} values in ${rows} rows`);
      const missing = Array.isArray(values) ? values.indexOf(undefined) : -1;
      if (missing >= 0 && missing < rows) throw new Error(`row ${before + missing + 1} has a value of no dictionary`);
      return values;
    } catch (error) {
      throw damaged(`${this.#name}, column '${name}', row group ${group + 1}`, error);
    }
  }
}

async function readMetadata(file: FileHandle, size: number): Promise<FileMetaData> {
  if (size < 12) throw new Error(`${size} bytes are too short for parquet`);
  const tail = Buffer.alloc(8);
  await readExactly(file, tail, size - 8);
  if (tail.toString('latin1', 4) !== MAGIC) {
    throw new Error(tail.toString('latin1', 4) === 'PARE' ? 'it is encrypted' : `it does not end with ${MAGIC}`);
  }
  const length = tail.readUInt32LE(0);
  if (length > size - 12) throw new Error(`its metadata of ${length} bytes reaches beyond its ${size} bytes`);
  if (length > LARGEST_METADATA) throw new Error(`its metadata of ${length} bytes is larger than any`);
  const bytes = new Uint8Array(length + 8);
  await readExactly(file, bytes, size - length - 8);
  checkThrift(bytes.subarray(0, length), 0);
  checkStatistics(deserializeTCompactProtocol({ view: new DataView(bytes.buffer), offset: 0 }));
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  checkSchema(metadata.schema);
  return metadata;
}

/** hyparquet turns a decimal's least and greatest value into numbers, in a time that grows with the square of their length. */
function checkStatistics(raw: { [field: `field_${number}`]: unknown }): void {
  for (const group of list(raw.field_4)) {
    for (const column of list(group.field_1)) {
      const { field_1: type, field_12: statistics } = (column.field_3 ?? {}) as Record<string, unknown>;
      if (type !== 7) continue; // FIXED_LEN_BYTE_ARRAY; of other types it reads a few bytes
      for (const bound of Object.values((statistics ?? {}) as object)) {
        if (bound instanceof Uint8Array && bound.length > 4096) throw new Error('its statistics are too long');
      }
    }
  }
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

/** hyparquet walks the schema as deep as it goes, as often as it has columns. */
function checkSchema(schema: readonly SchemaElement[]): void {
  const open: number[] = [];
  for (const [i, { num_children, name }] of schema.entries()) {
    if (i > 0 && open.length === 0) throw new Error('its schema has columns that belong to none');
    if (open.length > 0) open.push((open.pop() as number) - 1);
    if (typeof name !== 'string') throw new Error('its schema has a column without a name');
    const children = num_children === undefined ? 0 : natural(num_children, `the number of columns in ${name}`);
    if (children > 0) open.push(children);
    if (open.length > 40) throw new Error('its schema is nested too deeply');
    while (open.at(-1) === 0) open.pop();
  }
  if (open.length > 0 || schema.length > 20_000) throw new Error('its schema is cut short, or endless');
}

function columnsOf(schema: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  // The first element is the table; those with children are followed by all that is within them.
  let within = 0;
  for (const element of schema.slice(1)) {
    if (within === 0) columns.push({ name: element.name, kind: kindOf(element) });
    within = Math.max(0, within - 1) + (element.num_children ?? 0);
  }
  return columns;
}

function kindOf({ type, num_children, repetition_type, converted_type, logical_type }: SchemaElement): ColumnKind {
  if (num_children || repetition_type === 'REPEATED') return 'other';
  const meaning = logical_type?.type ?? converted_type;
  if (type === 'BYTE_ARRAY')
    return meaning === 'STRING' || meaning === 'UTF8' || meaning === 'ENUM' ? 'string' : 'other';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
  if (meaning === 'FLOAT16') return 'float';
  const isCount = meaning === undefined || meaning === 'INTEGER' || /^U?INT_/.test(meaning);
  return (type === 'INT32' || type === 'INT64') && isCount ? 'integer' : 'other';
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function stringFromBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error('a string in it is not UTF-8');
  }
}

/** A BigInt as a number, where that holds it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function damaged(place: string, error: unknown): Error {
  if (error instanceof Error && 'syscall' in error) return error;
  return new ParquetError(`${place}: not sound parquet (${reasonOf(error)}).`, { cause: error });
}

/** What the engine itself throws, where bytes lead the decoder astray, tells a reader nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // By its name: the types of Node.js 20 know no WebAssembly, which a decompressor runs on.
  return /^(TypeError|RangeError|SyntaxError|RuntimeError)$/.test(error.constructor.name)
    ? 'its bytes do not add up; it is damaged'
    : error.message.slice(0, 200);
}
