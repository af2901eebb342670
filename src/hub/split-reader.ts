/** Reads the text and the label of the rows of a data set's files, file by file and row by row, and says which row is at fault. */
import { type DataColumn, type DataFile, openDataFile } from './data-file.js';
import { chooseColumns } from './dataset-columns.js';
import { DatasetError, type FoundDataset, type SplitFile } from './dataset-snapshot.js';
import { collectLabels } from './labelled-rows.js';
import type { FileRecord, FileTable } from './text-file.js';

export interface ReadSettings {
  readonly text?: string | undefined;
  readonly label?: string | undefined;
  /** Names of the labels, by number, in place of the data set's own. */
  readonly labels?: readonly string[] | undefined;
  readonly maxRows?: number | undefined;
  /** Leave out rows without a text or a label. */
  readonly skipMissing: boolean;
  readonly delimiter?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** More rows than this are more than a notebook should hold. */
const MOST_ROWS = 5_000_000;

export class SplitReader {
  readonly textColumn: string;
  readonly labelColumn: string;
  /** The names of its labels, where the data set has them. */
  readonly labels: readonly string[] | undefined;
  readonly #id: string;
  readonly #settings: ReadSettings;
  /** Names by number: where integers stand for labels. */
  readonly #names: readonly string[] | undefined;

  private constructor(id: string, settings: ReadSettings, text: string, label: DataColumn) {
    this.#id = id;
    this.#settings = settings;
    this.textColumn = text;
    this.labelColumn = label.name;
    this.labels = label.labels;
    this.#names = this.labels && (settings.labels ?? this.labels);
    if (this.labels !== undefined && settings.labels && settings.labels.length !== this.labels.length) {
      throw new DatasetError(
        `The data set ${id} has the ${this.labels.length} labels ${this.labels.join(', ')}, and { labels } names ${settings.labels.length}.`,
      );
    }
  }

  /** Looks at the columns of the first file. */
  static async open(
    id: string,
    { card, config }: FoundDataset,
    files: readonly SplitFile[],
    settings: ReadSettings,
  ): Promise<SplitReader> {
    const [first] = files;
    if (first === undefined) throw new DatasetError(`The data set ${id} has no rows.`);
    const file = await openDataFile(first.file, `${id}/${first.path}`, settings.delimiter);
    await file.close();
    const columns = file.columns.map((column) => ({
      ...column,
      labels: column.labels ?? card.labelsOf(config, column.name),
    }));
    const { text, label } = chooseColumns(columns, settings, `The data set ${id}`);
    return new SplitReader(id, settings, text, label);
  }

  /** The records of some files that have a text and a label, as a table a file. */
  async read(split: string, files: readonly SplitFile[], notes: string[]): Promise<FileTable[]> {
    const tables = new Map<string, FileTable & { records: FileRecord[] }>();
    const skipped: string[] = [];
    for await (const { table, record } of this.records(files, (place) => skipped.push(place))) {
      const known = tables.get(table.file) ?? { ...table, records: [] };
      tables.set(table.file, known);
      known.records.push(record);
      if (known.records.length > MOST_ROWS) {
        throw new DatasetError(
          `The data set ${this.#id} has more than ${MOST_ROWS} rows in ${split}: pass { maxRows }, or read it with streamDataset.`,
        );
      }
    }
    if (skipped.length > 0) {
      notes.push(
        `${skipped.length} rows of ${split} have no text or no label and are left out (first: ${skipped[0]}).`,
      );
    }
    if (tables.size === 0) throw new DatasetError(`The data set ${this.#id} has no rows in ${split}.`);
    return [...tables.values()];
  }

  /** Record by record, up to `maxRows`; numbers that stand for labels become their names. */
  async *records(
    files: readonly SplitFile[],
    onSkipped?: (place: string) => void,
  ): AsyncGenerator<{ table: FileTable; record: FileRecord }, void, undefined> {
    const { maxRows = Number.POSITIVE_INFINITY, skipMissing } = this.#settings;
    const columns = [this.textColumn, this.labelColumn];
    let count = 0;
    for await (const { file, record } of this.#all(files, columns)) {
      const table: FileTable = { file: file.name, place: file.place, columns, records: [] };
      const { [this.textColumn]: text, [this.labelColumn]: label } = record.fields;
      const missing = isEmpty(text) ? this.textColumn : this.#isMissing(label) ? this.labelColumn : undefined;
      const place = `${file.name}, ${file.place} ${record.line}`;
      if (missing !== undefined) {
        if (!skipMissing) {
          const what = missing === this.textColumn ? 'text' : 'label';
          throw new DatasetError(
            `${place}, column '${missing}': the ${what} is missing. Pass { skipMissing: true } to leave such rows out.`,
          );
        }
        onSkipped?.(place);
        continue;
      }
      if (typeof label === 'number' && !Number.isInteger(label)) {
        throw new DatasetError(
          `${place}, column '${this.labelColumn}': ${label} is no class. Say which column is the label.`,
        );
      }
      const name = typeof label === 'number' ? (this.#names?.[label] ?? label) : label;
      yield { table, record: { line: record.line, fields: { [this.textColumn]: text, [this.labelColumn]: name } } };
      if (++count >= maxRows) return;
    }
  }

  /** Whether no row of these files has a label: hidden, as those of many a benchmark's test are. */
  async isUnlabelled(files: readonly SplitFile[], labels: readonly string[]): Promise<boolean> {
    const hidden = (value: unknown) => isEmpty(value) || (String(value) === '-1' && !labels.includes('-1'));
    const [first] = files;
    if (first === undefined) return false;
    const file = await openDataFile(first.file, `${this.#id}/${first.path}`, this.#settings.delimiter);
    await file.close();
    if (!file.columns.some(({ name }) => name === this.labelColumn)) return true;
    for await (const { record } of this.#all(files, [this.labelColumn])) {
      if (!hidden(record.fields[this.labelColumn])) return false;
    }
    return true;
  }

  /** What occurs in the label column, sorted. */
  async distinctLabels(files: readonly SplitFile[]): Promise<string[]> {
    const records = new Map<unknown, FileRecord>();
    for await (const { record } of this.#all(files, [this.labelColumn])) {
      const value = record.fields[this.labelColumn];
      if (!this.#isMissing(value) && !records.has(value)) records.set(value, record);
    }
    const table = { file: this.#id, columns: [this.labelColumn], records: [...records.values()] };
    return collectLabels(table, this.labelColumn);
  }

  async *#all(
    files: readonly SplitFile[],
    columns: readonly string[],
  ): AsyncGenerator<{ file: DataFile; record: FileRecord }, void, undefined> {
    for (const { path, file: onDisk } of files) {
      const file = await openDataFile(onDisk, `${this.#id}/${path}`, this.#settings.delimiter);
      try {
        for await (const record of file.records(columns)) {
          if (record.line % 1024 === 1) this.#settings.signal?.throwIfAborted();
          yield { file, record };
        }
      } finally {
        await file.close();
      }
    }
  }

  #isMissing(label: unknown): boolean {
    return isEmpty(label) || (this.#names !== undefined && (label === -1 || label === '-1'));
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
