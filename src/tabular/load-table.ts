// Finds a table by name, reads a file, or fetches one of the Hugging Face hub. Whoever adds a table adds one entry to TABLES.
//
//   const customers = await loadTable('churn');
//   const mine = await loadTable('people.csv', { types: { zip: 'categorical' } });
//   const census = await loadTable('scikit-learn/adult-census-income', { split: 'train' });

import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { z } from 'zod';
import { type DataFile, openDataFile } from '../hub/data-file.js';
import { findDataset, isDatasetId } from '../hub/dataset-snapshot.js';
import { checkOptions } from './options.js';
import { concatenate } from './table/concatenate.js';
import { type CsvOptions, csvOptions, readCsvTable } from './table/csv.js';
import { tableFrom } from './table/records.js';
import type { Table } from './table/table.js';

/** A table that comes with the package. */
interface TableEntry {
  /** One sentence: what a row is and what is asked of it. */
  readonly description: string;
  /** Where it is from and under which licence; the folder under datasets/ says more. */
  readonly licence: string;
  readonly load: () => Promise<Table>;
}

/** The tables that come with the package. Each is loaded, with what reads it, when it is asked for. */
export const TABLES = {
  penguins: {
    description: 'Penguins of three species: which species, or how heavy?',
    licence: 'CC0-1.0',
    load: async () => (await import('./datasets/vega.js')).penguins(),
  },
  cars: {
    description: 'Cars of 1970 to 1982: how far on a gallon?',
    licence: 'for educational and scientific purposes (StatLib)',
    load: async () => (await import('./datasets/vega.js')).cars(),
  },
  movies: {
    description: 'Films with what they cost and earned: how well were they liked?',
    licence: 'none stated upstream',
    load: async () => (await import('./datasets/vega.js')).movies(),
  },
  weather: {
    description: 'Days in Seattle and New York, 2012 to 2015: what will tomorrow be like?',
    licence: 'U.S. Government work',
    load: async () => (await import('./datasets/vega.js')).weather(),
  },
  churn: {
    description: 'Customers of an invented internet provider: who leaves within three months?',
    licence: 'CC-BY-4.0',
    load: async () => (await import('./datasets/churn.js')).churn().table,
  },
  fraud: {
    description: 'Invented card payments of 90 days: which are by a thief?',
    licence: 'CC-BY-4.0',
    load: async () => (await import('./datasets/fraud.js')).fraud().table,
  },
} as const satisfies Record<string, TableEntry>;

export type TableName = keyof typeof TABLES;

/** Options for files and for the hub; tables that come with the package take none. */
export interface LoadTableOptions extends CsvOptions {
  /** Of a data set of the hub: which split. Default 'train'. */
  readonly split?: string;
  /** Of a data set of the hub: a branch, tag or commit. Default 'main'. */
  readonly revision?: string;
  /** Of a data set of the hub that has several configs: which. */
  readonly config?: string;
  /** At most so many rows, the first. Default: all. */
  readonly maxRows?: number;
}

const schema = csvOptions.extend({
  split: z.string().min(1).default('train'),
  revision: z.string().min(1).optional(),
  config: z.string().min(1).optional(),
  maxRows: z.int().min(1).optional(),
});

/**
 * A table: one that comes with the package, by name; a CSV, TSV, JSON Lines, JSON or parquet file; or one of the hub, by its id,
 * fetched once into the Hugging Face cache. Of CSV the types are found out and stated (`types` of what comes back); of the other
 * files they are those of the values. Columns that are left out: lists and structs; of parquet also dates, times and decimals.
 * @throws Error naming the file, line and column; DatasetError if one of the hub cannot be had
 */
export async function loadTable(nameOrPath: TableName | (string & {}), options: LoadTableOptions = {}): Promise<Table> {
  if (Object.hasOwn(TABLES, nameOrPath)) {
    if (Object.keys(options).length > 0)
      throw new Error(`loadTable('${nameOrPath}') takes no options: they are for files and for data sets of the hub.`);
    return TABLES[nameOrPath as TableName].load();
  }
  const { split, revision, config, maxRows, ...csv } = checkOptions('loadTable', schema, options);
  if (existsSync(nameOrPath)) {
    const table = await tableOf(nameOrPath, nameOrPath, csv, maxRows);
    return table.rowCount > (maxRows ?? table.rowCount) ? table.slice(0, maxRows) : table;
  }
  if (!isDatasetId(nameOrPath))
    throw new Error(
      `loadTable: there is no table and no file '${nameOrPath}'. Tables are ${Object.keys(TABLES).join(', ')}; a file is given by its path, a data set of the hub by an id such as scikit-learn/adult-census-income.`,
    );
  const found = await findDataset(nameOrPath, {
    ...(revision === undefined ? {} : { revision }),
    ...(config === undefined ? {} : { config }),
    ...(maxRows === undefined ? {} : { maxRows }),
    splits: (names) => {
      if (names.includes(split)) return [split];
      throw new Error(`The data set ${nameOrPath} has no split '${split}'. Its splits are ${names.join(', ')}.`);
    },
  });
  const parts: Table[] = [];
  let rows = 0;
  for (const { file, path } of found.splits.get(split) ?? []) {
    if (maxRows !== undefined && rows >= maxRows) break;
    const left = maxRows === undefined ? undefined : maxRows - rows;
    const part = await tableOf(file, `${nameOrPath}/${path}`, csv, left);
    parts.push(part.slice(0, left));
    rows += part.rowCount;
  }
  try {
    return concatenate(parts);
  } catch (error) {
    throw new Error(`${nameOrPath}: its files do not make one table. ${(error as Error).message}`, { cause: error });
  }
}

async function tableOf(path: string, name: string, csv: CsvOptions, maxRows: number | undefined): Promise<Table> {
  const ending = extname(name).toLowerCase();
  if (ending === '.csv' || ending === '.tsv') return readCsvTable(path, csv);
  const file = await openDataFile(path, name);
  try {
    return tableFrom(await recordsOf(file, maxRows), { types: csv.types });
  } finally {
    await file.close();
  }
}

async function recordsOf(file: DataFile, maxRows = Number.POSITIVE_INFINITY): Promise<object[]> {
  const columns = file.columns.filter(({ kind }) => kind !== 'other');
  if (columns.length === 0) throw new Error(`${file.name}: it has no column of numbers or texts.`);
  const names = columns.map(({ name }) => name);
  const records: object[] = [];
  for await (const { fields } of file.records(names)) {
    if (records.length >= maxRows) break;
    records.push(
      Object.fromEntries(
        columns.map(({ name, labels }) => {
          const value = fields[name];
          return [name, labels && Number(value) >= 0 ? labels[Number(value)] : value];
        }),
      ),
    );
  }
  return records;
}
