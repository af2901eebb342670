/**
 * Data sets of the Hugging Face hub as rows of text and label.
 *
 *     const { train, labels } = await loadHubDataset('stanfordnlp/sst2');
 *     const stream = await streamDataset('fancyzhx/amazon_polarity', { split: 'train' });
 *     for await (const { text, label } of stream) ...        // from disk, a row group at a time
 *
 * Columns and label names come from the repository: parquet's own metadata, else the README.
 */
import { z } from 'zod';
import { splitNamed } from './dataset-files.js';
import { DatasetError, type FindOptions, findDataset } from './dataset-snapshot.js';
import { collectLabels, labelledRows } from './labelled-rows.js';
import { splitRows } from './split.js';
import { SplitReader } from './split-reader.js';
import type { TextDataset, TextRow, TextSplits } from './text-dataset.js';
import type { FileRecord, FileTable } from './text-file.js';

type Access = Pick<FindOptions, 'onProgress' | 'onWait' | 'signal'>;

/** How to read the rows of a data set of the hub. Every option may be left out. */
interface ReadOptions extends Access {
  /** Branch, tag or commit. Default: `main` as it stood when it was first loaded. */
  readonly revision?: string;
  /** Which of several data sets in the repository, such as `sst2` of `nyu-mll/glue`. Default: the one its README names. */
  readonly config?: string;
  /** The column of the text. Default: `text`, `sentence`, `content` or the like, or the only column of strings. */
  readonly text?: string;
  /** The column of the label. Default: the only ClassLabel, or `label` or the like. */
  readonly label?: string;
  /** The label names, in the order of their numbers. Default: those of the data set; where it names none, what occurs, sorted. */
  readonly labels?: readonly string[];
  /** At most so many rows of each split, its first. Default: all. */
  readonly maxRows?: number;
  /** Leave out rows without a text or a label (null, empty, or -1) instead of an error. Default: false. */
  readonly skipMissing?: boolean;
  /** What separates the fields of a CSV file. Default: a comma, for `.tsv` a tab. */
  readonly delimiter?: string;
}

export interface HubDatasetOptions extends ReadOptions {
  /** Share of `train` that becomes the validation split, where there is none. Default: 0.1. */
  readonly validation?: number;
  /** Share of `train` that becomes the test split, where there is neither a test nor a validation split. Default: 0.2. */
  readonly test?: number;
  /** Which random split, where one is drawn. Default: 42. */
  readonly seed?: number;
}

export interface StreamOptions extends ReadOptions {
  /** Which split, by its name in the repository. Default: `train`. */
  readonly split?: string;
}

/** Rows of one split, read from disk as they are asked for; each loop begins anew. */
export interface DatasetStream extends AsyncIterable<TextRow> {
  readonly name: string;
  readonly labels: readonly string[];
  /** The commit. */
  readonly revision: string;
  readonly notes: readonly string[];
}

const share = z.number().min(0).lt(1);
const readSchema = {
  revision: z.string().min(1).optional(),
  config: z.string().min(1).optional(),
  text: z.string().min(1).optional(),
  label: z.string().min(1).optional(),
  labels: z
    .array(z.string().min(1))
    .min(2)
    .refine((labels) => new Set(labels).size === labels.length, 'a label occurs twice')
    .optional(),
  maxRows: z.int().min(1).optional(),
  skipMissing: z.boolean().default(false),
  delimiter: z.string().min(1).optional(),
  onProgress: z.custom<NonNullable<Access['onProgress']>>((value) => typeof value === 'function').optional(),
  onWait: z.custom<NonNullable<Access['onWait']>>((value) => typeof value === 'function').optional(),
  signal: z.instanceof(AbortSignal).optional(),
};
const loadSchema = z
  .strictObject({ ...readSchema, validation: share.default(0.1), test: share.default(0.2), seed: z.int().default(42) })
  .refine((options) => options.validation + options.test < 1, 'validation and test leave nothing to train on');
const streamSchema = z.strictObject({ ...readSchema, split: z.string().min(1).default('train') });

/** Rows of a stream that are made at once. */
const BATCH = 256;

/** See `loadDataset`. */
export async function loadHubDataset(id: string, options: HubDatasetOptions = {}): Promise<TextDataset> {
  const settings = checked(loadSchema, options, 'loadDataset');
  const roles = ['train', 'validation', 'test'] as const;
  const found = await findDataset(id, {
    ...settings,
    splits: (names) => {
      const ours = roles.map((role) => splitNamed(names, role));
      if (ours[0] !== undefined) return ours.filter((name) => name !== undefined);
      throw new DatasetError(
        `The data set ${id} has no train split: its splits are ${names.join(', ')}. Read one with streamDataset('${id}', { split: '${names[0]}' }).`,
      );
    },
  });
  const notes = [...found.notes];
  const names = [...found.splits.keys()];
  const filesOf = (role: (typeof roles)[number]) => found.splits.get(splitNamed(names, role) ?? '') ?? [];
  const reader = await SplitReader.open(id, found, filesOf('train'), settings);

  const train = await reader.read('train', filesOf('train'), notes);
  const labels = settings.labels ?? reader.labels ?? collectLabels(merged(train, id), reader.labelColumn);
  const rowsOf = (tables: readonly FileTable[]): TextRow[] =>
    tables.flatMap((table) => labelledRows(table, { text: reader.textColumn, label: reader.labelColumn, labels }));
  const trainRows = rowsOf(train);
  checkLabels(id, trainRows, labels, settings.maxRows, notes);

  const ofValidation = filesOf('validation');
  const validation = ofValidation.length > 0 ? rowsOf(await reader.read('validation', ofValidation, notes)) : undefined;
  const ofTest = filesOf('test');
  const isUnlabelled = ofTest.length > 0 && (await reader.isUnlabelled(ofTest, labels));
  const test = ofTest.length > 0 && !isUnlabelled ? rowsOf(await reader.read('test', ofTest, notes)) : undefined;

  if (test === undefined && validation !== undefined) {
    const why = isUnlabelled ? 'The test split has no labels' : 'There is no test split';
    notes.push(`${why}: its validation split serves as test.`);
  }
  const splits =
    test === undefined && validation !== undefined
      ? { train: trainRows, validation: undefined, test: validation }
      : { train: trainRows, validation, test };
  return { name: id, labels, ...drawMissing(id, splits, settings, notes), revision: found.commit, notes };
}

/** Draws from train the splits that are missing; without any, the rows keep their order. */
function drawMissing(
  id: string,
  { train, validation, test }: { train: TextRow[]; validation: TextRow[] | undefined; test: TextRow[] | undefined },
  settings: z.output<typeof loadSchema>,
  notes: string[],
): TextSplits {
  const shares = { validation: validation ? 0 : settings.validation, test: test ? 0 : settings.test };
  if (shares.validation + shares.test === 0) return { train, validation: validation ?? [], test: test ?? [] };
  const drawn = splitRows(train, { ...shares, seed: settings.seed });
  for (const role of ['validation', 'test'] as const) {
    if (shares[role] === 0) continue;
    if (drawn[role].length === 0) {
      throw new DatasetError(
        `The data set ${id}: ${train.length} rows of train are too few to draw ${role} from them. Read more, or pass { ${role}: 0 }.`,
      );
    }
    notes.push(`${role} is ${Math.round(shares[role] * 1000) / 10}% of train, drawn with seed ${settings.seed}.`);
  }
  return { train: drawn.train, validation: validation ?? drawn.validation, test: test ?? drawn.test };
}

/**
 * Opens one split of a data set of the hub, to be read row by row: for what does not fit into memory. Its files are fetched
 * into the Hugging Face cache first, all of them (with `maxRows`, those that hold so many rows), and each loop reads them
 * from disk, one row group at a time.
 *
 *     const stream = await streamDataset('fancyzhx/amazon_polarity');
 *     for await (const { text, label } of stream) console.log(stream.labels[label], text);
 *
 * @throws DatasetError as `loadDataset` does
 */
export async function streamDataset(id: string, options: StreamOptions = {}): Promise<DatasetStream> {
  const settings = checked(streamSchema, options, 'streamDataset');
  const found = await findDataset(id, {
    ...settings,
    splits: (names) => {
      if (names.includes(settings.split)) return [settings.split];
      throw new DatasetError(
        `The data set ${id} has no split '${settings.split}'. Its splits are ${names.join(', ')}.`,
      );
    },
  });
  const files = found.splits.get(settings.split) ?? [];
  const reader = await SplitReader.open(id, found, files, settings);
  const labels = settings.labels ?? reader.labels ?? (await reader.distinctLabels(files));
  const columns = { text: reader.textColumn, label: reader.labelColumn, labels };
  return {
    name: id,
    labels,
    revision: found.commit,
    notes: found.notes,
    async *[Symbol.asyncIterator]() {
      let batch: (FileTable & { records: FileRecord[] }) | undefined;
      for await (const { table, record } of reader.records(files)) {
        if (batch !== undefined && (batch.file !== table.file || batch.records.length >= BATCH)) {
          yield* labelledRows(batch, columns);
          batch = undefined;
        }
        batch ??= { ...table, records: [] };
        batch.records.push(record);
      }
      if (batch !== undefined) yield* labelledRows(batch, columns);
    },
  };
}

/** One table of several, to collect labels from. */
function merged(tables: readonly FileTable[], id: string): FileTable {
  const [first] = tables;
  return { file: id, place: 'row', columns: first?.columns ?? [], records: tables.flatMap(({ records }) => records) };
}

/** The first rows of a file that is sorted by label have one label alone. */
function checkLabels(
  id: string,
  rows: readonly TextRow[],
  labels: readonly string[],
  maxRows: number | undefined,
  notes: string[],
): void {
  const seen = new Set(rows.map(({ label }) => label));
  const missing = labels.filter((_, i) => !seen.has(i));
  if (missing.length === 0) return;
  const which = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ' and others' : '');
  const note = `No row of train has the label ${which}${maxRows === undefined ? '' : `, of the first ${maxRows}: it may be sorted by label`}.`;
  if (seen.size < 2) {
    throw new DatasetError(
      `The data set ${id}: ${note} ${maxRows === undefined ? '' : 'Raise maxRows, or leave it out.'}`,
    );
  }
  notes.push(note);
}

function checked<T extends z.ZodType>(schema: T, options: unknown, caller: string): z.output<T> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new Error(`${caller}: wrong options (${problems.join('; ')}).`);
}
