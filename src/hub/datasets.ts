// Finds a data set by name, reads one's own files, or one of the Hugging Face hub. Whoever adds a data set adds one entry to
// DATASETS.
//
//   const reviews = await loadDataset('reviews');
//   const films = await loadDataset('stanfordnlp/sst2');
//   const mails = await loadDataset('mails.csv', { text: 'body', label: 'team' });
//   const split = await loadDataset('mails');   // a folder with train.csv, validation.csv, test.csv

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatasetError, isDatasetId } from './dataset-snapshot.js';
import { type HubDatasetOptions, loadHubDataset } from './hub-dataset.js';
import { type LanguagesDataset, loadLanguages } from './languages.js';
import { loadOwnDataset, type OwnDatasetOptions } from './own-dataset.js';
import { packagePath } from './package-root.js';
import type { TextDataset } from './text-dataset.js';

export { DatasetError } from './dataset-snapshot.js';
export type { DatasetStream, HubDatasetOptions, StreamOptions } from './hub-dataset.js';
export { streamDataset } from './hub-dataset.js';
export type { LanguagesDataset } from './languages.js';
export type { OwnDatasetOptions } from './own-dataset.js';
export type { TextDataset, TextRow, TextSplits } from './text-dataset.js';

/** A data set that comes with the package. */
export interface DatasetEntry {
  readonly name: string;
  /** One sentence: what the texts are and what is asked of them. */
  readonly description: string;
  /** SPDX identifier. */
  readonly licence: string;
  readonly load: () => Promise<TextDataset>;
}

/** The data sets that come with the package; each has a README under datasets/. */
export const DATASETS = {
  reviews: {
    name: 'reviews',
    description: 'Short reviews of products and places, written for this project: negative or positive?',
    licence: 'CC-BY-4.0',
    load: async () => ({
      ...(await loadOwnDataset(packagePath('datasets', 'reviews'), { labels: ['negative', 'positive'] })),
      name: 'reviews',
    }),
  },
  languages: {
    name: 'languages',
    description: 'Names of countries, languages and currencies from the Unicode CLDR: in which of 24 languages?',
    licence: 'Unicode-3.0',
    load: loadLanguages,
  },
  intents: {
    name: 'intents',
    description:
      'Requests to the helper of a shop, written for this project: which of 12 things does the customer want?',
    licence: 'CC-BY-4.0',
    load: async () => ({ ...(await loadOwnDataset(packagePath('datasets', 'intents'))), name: 'intents' }),
  },
  topics: {
    name: 'topics',
    description: 'Short invented news texts, written for this project: which of 6 topics is each about?',
    licence: 'CC-BY-4.0',
    load: async () => ({ ...(await loadOwnDataset(packagePath('datasets', 'topics'))), name: 'topics' }),
  },
} as const satisfies Record<string, DatasetEntry>;

/** The name of a data set that comes with the package. */
export type DatasetName = keyof typeof DATASETS;

/** Options for one's own files, or for a data set of the hub: each takes those that concern it. */
export type DatasetOptions = OwnDatasetOptions & HubDatasetOptions;

/**
 * Loads a data set: one that comes with the package, by name; a CSV or JSON Lines file, or a folder of such files; or one of
 * the Hugging Face hub, by its id.
 *
 * **One's own files.** A single file is split at random, stratified by label: 10% validation, 20% test, the rest for training.
 * Errors name file, line and column.
 *
 * **The hub.** An id such as `stanfordnlp/sst2`, where no such path exists, is looked for in the Hugging Face cache and else
 * fetched into it: the files of its splits alone, verified by their hashes. `revision` names a branch, tag or commit; the
 * commit that was read is the result's `revision`. Read are parquet, CSV and JSON Lines files; of data sets in another form, or
 * made by a script, the hub's own copy in parquet (revision `refs/convert/parquet`).
 *
 * - The splits are those its README declares, else those the names of its files tell. Without a validation split, a tenth of
 *   `train` is drawn, stratified by label and by `seed`. Where the test split has no labels, as in GLUE, or there is none, the
 *   validation split serves as test, and validation is drawn from train. `notes` says so.
 * - Text and label are the columns usually named so (`text`, `sentence`, ...; the ClassLabel, `label`, ...) unless `text` and
 *   `label` name them. Label names come from the parquet files or the README, else from what occurs.
 * - `maxRows` reads the first rows of each split; of a data set in several files, no more of them than it takes.
 *   For more rows than fit into memory, see `streamDataset`.
 *
 * With `MODEL_TYPES_OFFLINE=1` or `HF_HUB_OFFLINE=1` no network is asked.
 *
 *     const { train, labels, revision, notes } = await loadDataset('stanfordnlp/sst2');
 *     await loadDataset('nyu-mll/glue', { config: 'cola', maxRows: 2000 });
 *     await loadDataset('stanfordnlp/sst2', { revision });   // the same rows, on any machine
 *
 * @throws Error naming the file and the place in it; DatasetError if a data set of the hub cannot be had, or it is not clear
 *   which of its columns or configs is meant; the reason of `signal` if it stopped
 */
export function loadDataset(name: 'languages'): Promise<LanguagesDataset>;
export function loadDataset(nameOrPath: DatasetName | (string & {}), options?: DatasetOptions): Promise<TextDataset>;
export async function loadDataset(nameOrPath: string, options?: DatasetOptions): Promise<TextDataset> {
  if (isDatasetName(nameOrPath)) {
    if (options !== undefined && Object.keys(options).length > 0) {
      throw new Error(
        `loadDataset('${nameOrPath}'): options are for files of your own and data sets of the hub; this data set has its columns and splits.`,
      );
    }
    return DATASETS[nameOrPath].load();
  }
  if (!existsSync(nameOrPath)) {
    if (isDatasetId(nameOrPath)) return loadFromHub(nameOrPath, options);
    if (!/[\\/.]/.test(nameOrPath)) {
      throw new Error(
        `loadDataset: no data set '${nameOrPath}'. There are ${Object.keys(DATASETS).join(', ')}; ` +
          'for files of your own give a path such as ./mails.csv, for data sets of the hub an id such as stanfordnlp/sst2.',
      );
    }
  }
  return loadOwnDataset(nameOrPath, options);
}

async function loadFromHub(id: string, options: HubDatasetOptions | undefined): Promise<TextDataset> {
  try {
    return await loadHubDataset(id, options);
  } catch (error) {
    if (!(error instanceof DatasetError) || !/could not be found|not available offline/.test(error.message))
      throw error;
    throw new DatasetError(`${error.message} (There is no file or folder ${resolve(id)} either.)`, { cause: error });
  }
}

function isDatasetName(name: string): name is DatasetName {
  return Object.hasOwn(DATASETS, name);
}
