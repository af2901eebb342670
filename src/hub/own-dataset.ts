// Data sets from files of one's own: one CSV or JSON Lines file, split at random, or a folder that is split already.
//
//   await loadOwnDataset('mails.csv', { text: 'body', label: 'team' });
//   await loadOwnDataset('mails');   // mails/train.csv, mails/validation.csv, mails/test.csv

import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readCsv } from './csv.js';
import { readJsonl } from './jsonl.js';
import { collectLabels, labelledRows, requireColumns } from './labelled-rows.js';
import { splitRows } from './split.js';
import type { TextDataset, TextRow, TextSplits } from './text-dataset.js';
import type { FileTable } from './text-file.js';

/** How to read one's own files. Every option may be left out. */
export interface OwnDatasetOptions {
  /** The column of the text. Default: `text`. */
  readonly text?: string;
  /** The column of the label. Default: `label`. */
  readonly label?: string;
  /**
   * The label names, in order; the column then holds these names or their index from 0. Default: what occurs in the column
   * (of the training file, in a folder), sorted.
   */
  readonly labels?: readonly string[];
  /** Share of the rows set aside for validation, where no file is given for it. Default: 0.1. */
  readonly validation?: number;
  /** Share of the rows set aside for the test, where no file is given for it. Default: 0.2. */
  readonly test?: number;
  /** Which random split. Default: 42. */
  readonly seed?: number;
  /** What separates the fields of a CSV file. Default: a comma, for `.tsv` a tab. */
  readonly delimiter?: string;
}

const share = z.number().min(0).lt(1);
const optionsSchema = z
  .strictObject({
    text: z.string().min(1).default('text'),
    label: z.string().min(1).default('label'),
    labels: z
      .array(z.string().min(1))
      .min(2)
      .refine((labels) => new Set(labels).size === labels.length, 'a label occurs twice')
      .optional(),
    validation: share.default(0.1),
    test: share.default(0.2),
    seed: z.int().default(42),
    delimiter: z.string().min(1).optional(),
  })
  .refine((options) => options.validation + options.test < 1, 'validation and test leave nothing to train on');
type Settings = z.output<typeof optionsSchema>;

const SPLIT_NAMES = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev'],
  test: ['test'],
} as const;
const ENDINGS = ['.csv', '.tsv', '.jsonl', '.ndjson'];

/** Reads a file, or a folder with `train`, `validation` and `test` files; splits that have no file are drawn from `train`. */
export async function loadOwnDataset(path: string, options: OwnDatasetOptions = {}): Promise<TextDataset> {
  const settings = checkOptions(options);
  const full = resolve(path);
  const found = await stat(full).catch(() => undefined);
  if (!found) throw new Error(`${path}: there is no such file or folder (looked for ${full}).`);
  const name = basename(full, found.isDirectory() ? '' : extname(full));
  return found.isDirectory() ? loadFolder(name, path, settings) : loadFile(name, path, settings);
}

function checkOptions(options: OwnDatasetOptions): Settings {
  const checked = optionsSchema.safeParse(options);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) =>
    [issue.path.join('.'), issue.message].filter(Boolean).join(': '),
  );
  throw new Error(`loadDataset: wrong options (${problems.join('; ')}).`);
}

async function loadFile(name: string, path: string, settings: Settings): Promise<TextDataset> {
  const table = await readTable(path, settings);
  const labels = settings.labels ?? collectLabels(table, settings.label);
  const rows = labelledRows(table, { ...settings, labels });
  return { name, labels, ...drawSplits(rows, path, settings) };
}

async function loadFolder(name: string, path: string, settings: Settings): Promise<TextDataset> {
  const files = await readdir(path);
  const trainFile = findSplit(files, 'train', path);
  if (trainFile === undefined) {
    throw new Error(
      `${path}: no train.csv or train.jsonl in this folder. It holds ${files.sort().join(', ') || 'nothing'}.`,
    );
  }
  const table = await readTable(join(path, trainFile), settings);
  const labels = settings.labels ?? collectLabels(table, settings.label);
  const read = async (split: keyof TextSplits): Promise<TextRow[] | undefined> => {
    const file = findSplit(files, split, path);
    if (file === undefined) return undefined;
    return labelledRows(await readTable(join(path, file), settings), { ...settings, labels });
  };

  const validation = await read('validation');
  const test = await read('test');
  const rows = labelledRows(table, { ...settings, labels });
  // Nothing to draw: the rows keep the order of the file.
  if (validation && test) return { name, labels, train: rows, validation, test };
  const drawn = drawSplits(rows, join(path, trainFile), {
    ...settings,
    validation: validation ? 0 : settings.validation,
    test: test ? 0 : settings.test,
  });
  return { name, labels, train: drawn.train, validation: validation ?? drawn.validation, test: test ?? drawn.test };
}

function findSplit(files: readonly string[], split: keyof TextSplits, folder: string): string | undefined {
  const wanted = SPLIT_NAMES[split].flatMap((name) => ENDINGS.map((ending) => name + ending));
  const found = files.filter((file) => wanted.includes(file.toLowerCase()));
  if (found.length > 1) throw new Error(`${folder}: ${found.join(' and ')} are both the ${split} split. Keep one.`);
  return found[0];
}

async function readTable(path: string, settings: Settings): Promise<FileTable> {
  const ending = extname(path).toLowerCase();
  if (!ENDINGS.includes(ending)) {
    throw new Error(`${path}: cannot read '${ending}' files. Save it as one of ${ENDINGS.join(', ')}.`);
  }
  const table = ending === '.csv' || ending === '.tsv' ? await readCsv(path, settings) : await readJsonl(path);
  requireColumns(table, [settings.text, settings.label]);
  return table;
}

function drawSplits(rows: readonly TextRow[], file: string, settings: Settings): TextSplits {
  const splits = splitRows(rows, settings);
  for (const split of ['validation', 'test'] as const) {
    if (settings[split] > 0 && splits[split].length === 0) {
      throw new Error(
        `${file}: ${rows.length} rows are too few to set aside a share of ${settings[split]} for ${split}. ` +
          `Add rows, or pass { ${split}: 0 }.`,
      );
    }
  }
  return splits;
}
