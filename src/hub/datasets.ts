// Finds a data set by name, or reads one's own files. Whoever adds a data set adds one entry to DATASETS.
//
//   const reviews = await loadDataset('reviews');
//   const mails = await loadDataset('mails.csv', { text: 'body', label: 'team' });
//   const split = await loadDataset('mails');   // a folder with train.csv, validation.csv, test.csv

import { existsSync } from 'node:fs';
import { type LanguagesDataset, loadLanguages } from './languages.js';
import { loadOwnDataset, type OwnDatasetOptions } from './own-dataset.js';
import { packagePath } from './package-root.js';
import type { TextDataset } from './text-dataset.js';

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

/**
 * Loads a data set: one that comes with the package, by name, or a CSV or JSON Lines file, or a folder of such files.
 * A single file is split at random, stratified by label: 10% validation, 20% test, the rest for training.
 * Errors name file, line and column.
 */
export function loadDataset(name: 'languages'): Promise<LanguagesDataset>;
export function loadDataset(nameOrPath: DatasetName | (string & {}), options?: OwnDatasetOptions): Promise<TextDataset>;
export async function loadDataset(nameOrPath: string, options?: OwnDatasetOptions): Promise<TextDataset> {
  if (isDatasetName(nameOrPath)) {
    if (options !== undefined && Object.keys(options).length > 0) {
      throw new Error(
        `loadDataset('${nameOrPath}'): options are for files of your own; this data set has its columns and splits.`,
      );
    }
    return DATASETS[nameOrPath].load();
  }
  const looksLikePath = /[\\/.]/.test(nameOrPath);
  if (!looksLikePath && !existsSync(nameOrPath)) {
    throw new Error(
      `loadDataset: no data set '${nameOrPath}'. There are ${Object.keys(DATASETS).join(', ')}; ` +
        'for files of your own give a path such as ./mails.csv.',
    );
  }
  return loadOwnDataset(nameOrPath, options);
}

function isDatasetName(name: string): name is DatasetName {
  return Object.hasOwn(DATASETS, name);
}
