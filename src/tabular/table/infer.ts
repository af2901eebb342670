// What kind of column a list of texts is: numbers, dates or categories; why; and how to read them.
//
//   inferColumn('price', ['12.5', '', '7']);          // { kind: 'numeric', reason: '2 of 2 values are numbers; 1 missing' }
//   inferColumn('day', ['03/04/2026', '25/04/2026']); // { kind: 'date', format: 'day/month/year', reason: ... }
//   inferColumn('zip', ['01067', '10115']);           // categorical: leading zeros would be lost

import type { Column, ColumnKind } from './column.js';
import { type DateFormat, dateFormats, readDate } from './dates.js';
import { ownText } from './own-text.js';

/** Texts that stand for a missing value unless others are named. */
export const missingTexts: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?'];

/** How a column's texts are read. */
export interface ColumnType {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Of a date column. */
  readonly format?: DateFormat;
  /** Whether its categories are only false and true. */
  readonly boolean?: boolean;
  /** Why it is of this kind, with counts. */
  readonly reason: string;
}

export interface ReadOptions {
  /** Texts that stand for a missing value, compared after trimming. Default: `missingTexts`. */
  readonly missing?: readonly string[];
  /** What stands before the decimals of a number. Default: a point. */
  readonly decimal?: '.' | ',';
}

/** A text that its column's type does not fit. */
export interface UnfitValue {
  readonly line: number;
  readonly column: string;
  readonly text: string;
}

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The number a text is, or undefined. */
export function readNumber(text: string, decimal: '.' | ',' = '.'): number | undefined {
  const plain = decimal === ',' ? text.replace(',', '.') : text;
  return plainNumber.test(plain) && !(decimal === ',' && text.includes('.')) ? Number(plain) : undefined;
}

/** Numbers whose leading zeros mean something: codes, not quantities. */
const isCode = (text: string): boolean => /^[+-]?0\d/.test(text);

/**
 * The kind of a column that fits all its values: dates and numbers before categories. Dates of which it is not clear whether day
 * or month stands first are left categories, and the reason says so.
 */
export function inferColumn(name: string, texts: Iterable<string>, options: ReadOptions = {}): ColumnType {
  const missing = new Set(options.missing ?? missingTexts);
  const counts = { all: 0, missing: 0, numbers: 0, codes: 0, booleans: 0 };
  /** Those that every value so far fits. */
  const formats = new Set<DateFormat>(dateFormats);
  let odd: string | undefined;
  for (const raw of texts) {
    const text = raw.trim();
    counts.all++;
    if (missing.has(text)) {
      counts.missing++;
      continue;
    }
    if (readNumber(text, options.decimal) !== undefined) counts.numbers++;
    else odd ??= text;
    if (isCode(text)) counts.codes++;
    if (/^(true|false)$/i.test(text)) counts.booleans++;
    for (const format of formats) if (readDate(text, format) === undefined) formats.delete(format);
  }
  const values = counts.all - counts.missing;
  const said = (what: string) => `${what}; ${counts.missing} missing`;
  if (values === 0) return { name, kind: 'numeric', reason: said('no value at all') };
  const fitting = [...formats];
  if (counts.numbers === values && counts.codes === 0)
    return { name, kind: 'numeric', reason: said(`${values} of ${values} values are numbers`) };
  if (counts.codes > 0 && counts.numbers === values)
    return { name, kind: 'categorical', reason: said(`numbers with leading zeros, which are codes`) };
  if (counts.booleans === values)
    return { name, kind: 'categorical', boolean: true, reason: said('every value is true or false') };
  const [format] = fitting;
  if (fitting.length > 1)
    return {
      name,
      kind: 'categorical',
      reason: said(`dates that can be read as ${fitting.join(' or ')}: say which in types`),
    };
  if (format !== undefined)
    return { name, kind: 'date', format, reason: said(`${values} of ${values} values are dates, ${format}`) };
  const nearly = counts.numbers > 0 ? ` (${counts.numbers} of ${values} values are numbers; '${odd}' is none)` : '';
  return { name, kind: 'categorical', reason: said(`texts${nearly}`) };
}

/**
 * Makes a column of texts, read as a type says. `onUnfit` is told of each text that does not fit, which is then missing; by itself
 * it raises an error. `lineOf` gives the line of a row.
 */
export function readColumn(
  type: ColumnType,
  texts: readonly string[],
  lineOf: (row: number) => number,
  options: ReadOptions = {},
  onUnfit?: (value: UnfitValue) => void,
): Column {
  const missing = new Set(options.missing ?? missingTexts);
  const { name, kind } = type;
  const unfit = (row: number, text: string): void => {
    if (onUnfit !== undefined) {
      onUnfit({ line: lineOf(row), column: name, text });
      return;
    }
    const wanted = kind === 'date' ? `date (${type.format})` : kind === 'numeric' ? 'number' : 'true or false';
    throw new Error(
      `line ${lineOf(row)}, column '${name}': '${text}' is no ${wanted}. Its type is ${kind}: give another in types, or name the text in missing.`,
    );
  };
  if (kind === 'categorical') {
    const places = new Map<string, number>();
    const found = texts.map((raw, row) => {
      const text = raw.trim();
      const known = places.get(text);
      if (known !== undefined) return known;
      if (missing.has(text)) return -1;
      const category = type.boolean ? text.toLowerCase() : text;
      if (type.boolean && category !== 'false' && category !== 'true') {
        unfit(row, text);
        return -1;
      }
      const place = places.get(category) ?? places.size;
      if (place === places.size) places.set(ownText(category), place);
      return place;
    });
    const categories = type.boolean ? ['false', 'true'] : [...places.keys()].sort();
    const codes = new Map(categories.map((category, code) => [category, code]));
    const order = Int32Array.from(places.keys(), (category) => codes.get(category) as number);
    return {
      kind,
      name,
      categories,
      codes: Int32Array.from(found, (place) => (place < 0 ? -1 : (order[place] as number))),
    };
  }
  const format = type.format ?? 'year-month-day';
  const read = (text: string) => (kind === 'numeric' ? readNumber(text, options.decimal) : readDate(text, format));
  // Most texts are values: they are looked up among the missing ones only where one of those reads as a value, such as -999.
  const alike = [...missing].some((text) => read(text) !== undefined);
  const values = Float64Array.from(texts, (raw, row) => {
    const text = raw.trim();
    const value = read(text);
    if (value !== undefined && !(alike && missing.has(text))) return value;
    if (!missing.has(text)) unfit(row, text);
    return Number.NaN;
  });
  return { kind, name, values };
}
