/**
 * A file of a data set, parquet, CSV, JSON Lines or JSON, under one interface: which columns it has, and its records one by one.
 *
 *     const file = await openDataFile(path, 'stanfordnlp/sst2/data/train-00000-of-00001.parquet');
 *     file.columns;   // [{ name: 'idx', kind: 'integer' }, { name: 'sentence', kind: 'string' }, { name: 'label', ... }]
 */
import { z } from 'zod';
import { readCsv } from './csv.js';
import { parseJsonl, readJsonl } from './jsonl.js';
import type { ColumnKind } from './parquet.js';
import { type FileRecord, type FileTable, readTextFile } from './text-file.js';

export interface DataColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The names that the column's numbers stand for, where the file says so. */
  readonly labels?: readonly string[] | undefined;
}

export interface DataFile {
  /** Names it in errors. */
  readonly name: string;
  /** What the numbers of its records count. */
  readonly place: 'row' | 'line';
  readonly columns: readonly DataColumn[];
  /** Rows, where that is known before they are read. */
  readonly rows: number | undefined;
  /** The records in order; of a parquet file they have these columns alone. */
  records(columns: readonly string[]): AsyncIterable<FileRecord>;
  close(): Promise<void>;
}

/**
 * Opens a parquet file, of which records are read as they are asked for; or reads a CSV or JSON Lines file whole.
 * @param delimiter of a CSV file; default: by its ending
 * @throws Error naming the file, and line and column where there are any
 */
export async function openDataFile(path: string, name: string, delimiter?: string): Promise<DataFile> {
  const ending = /\.\w+$/.exec(name.toLowerCase())?.[0] ?? '';
  if (ending === '.parquet') {
    // Loaded here, not above: most runs read no parquet.
    const { ParquetFile } = await import('./parquet.js');
    const file = await ParquetFile.open(path, name);
    const labels = classLabels(file.keyValues.get('huggingface'));
    const columns = file.columns.map((column) => ({ ...column, labels: labels.get(column.name) }));
    const { rows } = file;
    return { name, place: 'row', columns, rows, records: (wanted) => file.records(wanted), close: () => file.close() };
  }
  const isCsv = ending === '.csv' || ending === '.tsv';
  const table = isCsv
    ? await readCsv(path, { delimiter: delimiter ?? (ending === '.tsv' ? '\t' : ',') })
    : ending === '.json'
      ? await readJson(path, name)
      : await readJsonl(path);
  return {
    name,
    place: table.place ?? 'line',
    columns: table.columns.map((column) => ({ name: column, kind: isCsv ? 'string' : kindIn(table, column) })),
    rows: table.records.length,
    async *records() {
      yield* table.records;
    },
    close: async () => {},
  };
}

/** A `.json` file: a list of objects, whose numbers count from 1, or JSON Lines. */
async function readJson(path: string, name: string): Promise<FileTable> {
  const text = await readTextFile(path);
  if (!/^\s*\[/.test(text)) return parseJsonl(text, name);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name}: not valid JSON (${(error as Error).message}).`);
  }
  const objects = z.array(z.record(z.string(), z.unknown())).safeParse(list);
  if (!objects.success) throw new Error(`${name}: not a list of JSON objects like {"text": ..., "label": ...}.`);
  const columns = [...new Set(objects.data.flatMap((fields) => Object.keys(fields)))];
  return { file: name, columns, records: objects.data.map((fields, i) => ({ line: i + 1, fields })), place: 'row' };
}

/** The kind of a JSON Lines column: that of its first value. */
function kindIn(table: FileTable, column: string): ColumnKind {
  const value = table.records.map(({ fields }) => fields[column]).find((one) => one !== undefined && one !== null);
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value === 'string' || typeof value === 'boolean' ? (typeof value as 'string' | 'boolean') : 'other';
}

const featuresSchema = z.object({ info: z.object({ features: z.record(z.string(), z.unknown()) }) });
const classLabelSchema = z.object({ _type: z.literal('ClassLabel'), names: z.array(z.string()).min(1) });

/** What `datasets` leaves in a parquet file of its ClassLabel columns. */
function classLabels(json: string | undefined): Map<string, readonly string[]> {
  let written: unknown;
  try {
    written = JSON.parse(json ?? 'null');
  } catch {
    written = undefined;
  }
  const features = featuresSchema.safeParse(written).data?.info.features ?? {};
  return new Map(
    Object.entries(features).flatMap(([column, feature]) => {
      const names = classLabelSchema.safeParse(feature).data?.names;
      return names ? [[column, names] as const] : [];
    }),
  );
}
