/**
 * Finds a data set's files in the Hugging Face cache, or fetches those of the splits asked for from the hub.
 *
 *     const { commit, splits } = await findDataset('stanfordnlp/sst2', { splits: () => ['train'] });
 *     splits.get('train');   // [{ path: 'data/train-00000-of-00001.parquet', file: '/home/.../snapshots/8d51e7e4.../data/train...' }]
 *
 * Beside Python's own folders in the cache we keep what the hub said of a commit, its files and its README's head, so that the
 * choice of files is the same without a network.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { writeAll, writeFileAtomically } from './atomic-file.js';
import { CachedRepo, cacheFolder } from './cache.js';
import { type DatasetCard, readCard } from './dataset-card.js';
import { configsOf, DATA_ENDINGS, type DatasetConfig } from './dataset-files.js';
import { type DownloadOptions, downloadRepo, type OpenRepo } from './download.js';
import { hubUrl } from './hub-access.js';
import { ParquetError } from './parquet-error.js';
import { checkRevision, isOffline, problemOf } from './resolve.js';

/** A data set that cannot be had or read: the message names it, says what was tried, and what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** A repository that holds nothing we read, such as a script alone. */
class NoDataError extends DatasetError {}

export interface FindOptions extends DownloadOptions {
  /** Branch, tag or commit. Default: `main`, or the hub's own copy in parquet where that holds nothing we read. */
  readonly revision?: string | undefined;
  /** Which of several data sets in the repository. Default: the one its README names, or the only one. */
  readonly config?: string | undefined;
  /** Rows wanted of each split: of a split in several parquet files, those that hold so many. Default: all. */
  readonly maxRows?: number | undefined;
  /** Which splits are wanted, of those there are. */
  readonly splits: (names: readonly string[]) => readonly string[];
}

/** A file of a data set: its path in the repository and on this machine. */
export interface SplitFile {
  readonly path: string;
  readonly file: string;
}

export interface FoundDataset {
  readonly commit: string;
  readonly source: 'cache' | 'hub';
  readonly config: string;
  readonly card: DatasetCard;
  readonly splits: ReadonlyMap<string, readonly SplitFile[]>;
  /** What somebody who uses it should know. */
  readonly notes: readonly string[];
}

/** The branch in which the hub keeps every data set it can convert as parquet. */
const CONVERTED = 'refs/convert/parquet';

/** What the hub said of a commit. */
const aboutSchema = z.object({ paths: z.array(z.string()), card: z.unknown().optional() });
type About = z.output<typeof aboutSchema>;

/** Whether this is the id of a data set on the hub, and no path: one slash, and no ending of a data file. */
export function isDatasetId(name: string): boolean {
  const [owner, repo, ...rest] = name.split('/');
  const isPart = (part: string | undefined) => /^[A-Za-z0-9_][\w.-]*$/.test(part ?? '') && !/\.\.|--/.test(part ?? '');
  const isFile = DATA_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
  return rest.length === 0 && isPart(owner) && isPart(repo) && !isFile;
}

/**
 * @throws DatasetError if it is nowhere to be had, holds nothing we read, or has several configs and none was named; the
 *   reason of `signal` if it stopped
 */
export async function findDataset(id: string, options: FindOptions): Promise<FoundDataset> {
  try {
    return await findAt(id, options.revision ?? 'main', options);
  } catch (error) {
    if (!(error instanceof NoDataError) || options.revision !== undefined) throw error;
    try {
      const found = await findAt(id, CONVERTED, options);
      return { ...found, notes: [`Read from the hub's own copy in parquet, revision ${CONVERTED}.`, ...found.notes] };
    } catch (second) {
      if (!(second instanceof DatasetError)) throw second;
      throw new DatasetError(
        `${error.message} Nor is there a copy of it in parquet, which the hub makes of most: ${second.message}`,
      );
    }
  }
}

async function findAt(id: string, revision: string, options: FindOptions): Promise<FoundDataset> {
  options.signal?.throwIfAborted();
  checkRevision(revision);
  const cache = cacheFolder();
  const repo = new CachedRepo(cache, id, 'dataset');
  const what = `The data set ${id} (revision ${revision})`;
  const offline = isOffline();

  let inCache = `the cache has no ${repo.folder}`;
  const known = await repo.commitOf(revision);
  const about = known && ((await recall(repo, known)) ?? (offline ? await listed(repo.snapshot(known)) : undefined));
  if (known && about) {
    const plan = planOf(id, about, options);
    const inSnapshot = (path: string) => join(repo.snapshot(known), path);
    const lacking: string[] = [];
    const splits = await gather(plan, options, id, async (path) => {
      const isThere = (await stat(inSnapshot(path)).catch(() => undefined))?.isFile() ?? false;
      if (!isThere) lacking.push(path);
      return isThere ? inSnapshot(path) : undefined;
    });
    if (lacking.length === 0) return { ...plan, commit: known, source: 'cache', splits, notes: [] };
    inCache = `the cache lacks ${lacking.join(', ')} in ${repo.snapshot(known)}`;
  }
  if (offline) {
    throw new DatasetError(
      `${what} is not available offline: ${inCache}; run this once with a network and without MODEL_TYPES_OFFLINE and HF_HUB_OFFLINE, or give the path of a file or folder that holds the data.`,
    );
  }

  let hub = 'the hub';
  try {
    hub = `the hub ${hubUrl()}`;
    const found: FoundDataset[] = [];
    const download = async ({ commit, paths, card, fetch }: OpenRepo): Promise<void> => {
      const said: About = { paths: [...paths], card: await card() };
      await remember(repo, commit, said);
      if (configsOf(paths, readCard(said.card)).length === 0) await repo.remember(revision, commit);
      const plan = planOf(id, said, options);
      if (paths.has('README.md')) await fetch('README.md');
      const fetched = await gather(plan, options, id, fetch);
      // What is fetched now will be placed in the snapshot, under its name in the repository.
      const inSnapshot = ({ path }: SplitFile): SplitFile => ({ path, file: join(repo.snapshot(commit), path) });
      const splits = new Map([...fetched].map(([split, files]) => [split, files.map(inSnapshot)]));
      found.push({ ...plan, commit, source: 'hub', splits, notes: [] });
    };
    await downloadRepo({ cache, id, kind: 'dataset', revision }, download, options);
    return found[0] as FoundDataset;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof DatasetError || error instanceof ParquetError) throw error;
    throw new DatasetError(
      `${what} could not be found: ${inCache}; ${hub}: ${problemOf(error, cache)}. Check its id and the network and try again, or give the path of a file or folder that holds the data.`,
    );
  }
}

interface Plan {
  readonly config: string;
  readonly card: DatasetCard;
  readonly wanted: ReadonlyMap<string, readonly string[]>;
}

/** The config, and the files of the splits that are wanted of it. */
function planOf(id: string, { paths, card: cardData }: About, { config: name, splits: choose }: FindOptions): Plan {
  const card = readCard(cardData);
  const configs = configsOf(paths, card);
  if (configs.length === 0) {
    const script = paths.find((path) => path.endsWith('.py'));
    const holds = paths.filter((path) => !path.startsWith('.')).slice(0, 8);
    throw new NoDataError(
      `The data set ${id} has no parquet, CSV or JSON Lines files: it holds ${holds.join(', ') || 'nothing'}.` +
        (script ? ` Its script ${script} makes the data, and scripts of others are not run here.` : ''),
    );
  }
  const config = name === undefined ? defaultOf(configs) : configs.find((one) => one.name === name);
  if (config === undefined) {
    const names = configs.map((one) => one.name);
    const [first] = names;
    throw new DatasetError(
      `The data set ${id} has ${name === undefined ? 'several configs' : `no config '${name}'`}: ${some(names)}. Say which, such as { config: '${first}' }.`,
    );
  }
  const all = [...config.splits.keys()];
  const wanted = new Map(choose(all).map((split) => [split, config.splits.get(split) ?? []]));
  return { config: config.name, card, wanted };
}

function defaultOf(configs: readonly DatasetConfig[]): DatasetConfig | undefined {
  const named = configs.find(({ isDefault }) => isDefault) ?? configs.find(({ name }) => name === 'default');
  return named ?? (configs.length === 1 ? configs[0] : undefined);
}

function some(names: readonly string[]): string {
  return names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
}

/** Gets the files of each wanted split, in order, until they hold the rows that are wanted. */
async function gather(
  { wanted }: Plan,
  { maxRows = Number.POSITIVE_INFINITY }: FindOptions,
  id: string,
  get: (path: string) => Promise<string | undefined>,
): Promise<Map<string, SplitFile[]>> {
  const splits = new Map<string, SplitFile[]>();
  for (const [split, paths] of wanted) {
    const files: SplitFile[] = [];
    let rows = 0;
    for (const path of paths) {
      if (rows >= maxRows) break;
      const file = await get(path);
      if (file === undefined) continue;
      files.push({ path, file });
      if (maxRows < Number.POSITIVE_INFINITY && path.toLowerCase().endsWith('.parquet')) {
        rows += await rowsOf(file, `${id}/${path}`);
      }
    }
    splits.set(split, files);
  }
  return splits;
}

async function rowsOf(file: string, name: string): Promise<number> {
  const { ParquetFile } = await import('./parquet.js');
  const parquet = await ParquetFile.open(file, name);
  await parquet.close();
  return parquet.rows;
}

function recordOf(repo: CachedRepo, commit: string): string {
  return join(repo.folder, '.model-types', `${commit}.json`);
}

async function remember(repo: CachedRepo, commit: string, about: About): Promise<void> {
  const text = Buffer.from(JSON.stringify(about));
  await writeFileAtomically(recordOf(repo, commit), (file) => writeAll(file, text));
}

async function recall(repo: CachedRepo, commit: string): Promise<About | undefined> {
  try {
    return aboutSchema.parse(JSON.parse(await readFile(recordOf(repo, commit), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The files of a snapshot that another tool has fetched. */
async function listed(snapshot: string): Promise<About | undefined> {
  const entries = await readdir(snapshot, { recursive: true }).catch(() => undefined);
  return entries && { paths: entries.map((path) => path.split(sep).join('/')), card: undefined };
}
