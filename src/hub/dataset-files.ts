/**
 * Which files of a repository make which split of a data set: as its README says, else by their names, as Python's `datasets`
 * reads them.
 *
 *     data/train-00000-of-00002.parquet, data/train-00001-of-00002.parquet, data/test-00000-of-00001.parquet
 *     train.csv, dev.csv, test.csv            or            train/a.jsonl, valid/b.jsonl
 *     sst2/train/0000.parquet                 in the revision refs/convert/parquet, which the hub makes of every data set
 */
import type { CardConfig, DatasetCard } from './dataset-card.js';
import { fits } from './glob.js';

/** Formats in the order we like them. */
export const DATA_ENDINGS = ['.parquet', '.csv', '.tsv', '.jsonl', '.ndjson', '.json'] as const;

/** The words that stand for a split in the names of files and folders. */
const KEYWORDS = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
} as const;

/** One config of a repository. */
export interface DatasetConfig {
  readonly name: string;
  readonly isDefault: boolean;
  /** The files of each split, in order; the names are those of the repository. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
}

/** The configs of a repository that have files we can read; none if it has none. */
export function configsOf(paths: Iterable<string>, card: DatasetCard): DatasetConfig[] {
  const files = [...paths].filter(isData).sort();
  const declared = card.configs.map((config) => ({
    name: config.name,
    isDefault: config.isDefault,
    splits: splitsOfConfig(config, files),
  }));
  const configs = declared.length > 0 ? declared : (converted(files) ?? [inferred(files)]);
  return configs.filter(({ splits }) => splits.size > 0);
}

/** The split of the repository that serves for one of ours: `dev` for `validation`. */
export function splitNamed(splits: Iterable<string>, role: keyof typeof KEYWORDS): string | undefined {
  const names = [...splits];
  return KEYWORDS[role].map((word) => names.find((name) => name.toLowerCase() === word)).find((name) => name);
}

function isData(path: string): boolean {
  const parts = path.split('/');
  if (parts.some((part) => /^(\.|__)/.test(part))) return false;
  const name = (parts.at(-1) as string).toLowerCase();
  if (/^(dataset_infos?|dataset_dict|state|package(-lock)?|config|croissant|metadata)\.json$/.test(name)) return false;
  return DATA_ENDINGS.some((ending) => name.endsWith(ending));
}

function splitsOfConfig(config: CardConfig, files: readonly string[]): Map<string, string[]> {
  const { dataFiles, folder } = config;
  const prefix = folder === '' ? '' : `${folder}/`;
  const within = files.filter((path) => path.startsWith(prefix));
  if (dataFiles === undefined) return byName(within, prefix);
  const splits = new Map<string, string[]>();
  for (const { split, patterns } of dataFiles) {
    const found = patterns.flatMap((pattern) => within.filter((path) => fits(path.slice(prefix.length), pattern)));
    if (found.length > 0) splits.set(split, [...new Set([...(splits.get(split) ?? []), ...found])]);
  }
  return splits;
}

/** The layout of refs/convert/parquet: a folder for the config, one for the split. */
function converted(files: readonly string[]): DatasetConfig[] | undefined {
  const configs = new Map<string, Map<string, string[]>>();
  for (const path of files) {
    const [, config, split] = /^([^/]+)\/([^/]+)\/\d{4,}\.parquet$/.exec(path) ?? [];
    if (config === undefined || split === undefined) return undefined;
    const splits = configs.get(config) ?? new Map<string, string[]>();
    configs.set(config, splits);
    // Of a large data set the hub converts the beginning alone.
    const name = split.replace(/^partial-/, '');
    splits.set(name, [...(splits.get(name) ?? []), path]);
  }
  if (configs.size === 0) return undefined;
  return [...configs].map(([name, splits]) => ({ name, isDefault: name === 'default', splits }));
}

function inferred(files: readonly string[]): DatasetConfig {
  return { name: 'default', isDefault: true, splits: byName(files, '') };
}

/** Splits by names; of several formats the first. */
function byName(files: readonly string[], prefix: string): Map<string, string[]> {
  for (const ending of DATA_ENDINGS) {
    const ours = files.filter((path) => path.toLowerCase().endsWith(ending));
    if (ours.length > 0) return inOneFormat(ours, prefix);
  }
  return new Map();
}

function inOneFormat(files: readonly string[], prefix: string): Map<string, string[]> {
  const sharded = collect(files, (path) => /(?:^|\/)(\w+(?:\.\w+)*)-\d{5}-of-\d{5}[^/]*$/.exec(path)?.[1]);
  if (sharded.size > 0) return sharded;
  const wordIn = (text: string): string | undefined =>
    Object.entries(KEYWORDS).find(([, words]) =>
      words.some((word) => new RegExp(`(^|[^a-z])${word}([^a-z]|$)`).test(text.toLowerCase())),
    )?.[0];
  const named = collect(files, (path) => wordIn(path.slice(path.lastIndexOf('/') + 1)));
  if (named.size > 0) return named;
  const inFolders = collect(files, (path) => wordIn(path.slice(prefix.length, path.lastIndexOf('/') + 1)));
  return inFolders.size > 0 ? inFolders : new Map([['train', [...files]]]);
}

function collect(files: readonly string[], splitOf: (path: string) => string | undefined): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  for (const path of files) {
    const split = splitOf(path);
    if (split !== undefined) splits.set(split, [...(splits.get(split) ?? []), path]);
  }
  return splits;
}
