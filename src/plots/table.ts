// Records as a table: predictions, mistakes, strategies compared.
//
//   show(table([{ strategy: 'lora', accuracy: 0.866 }], { caption: 'Strategies', format: { accuracy: percent } }));

import { type Displayable, jupyterDisplay, type MimeBundle } from './figure.js';
import { columnFormat } from './numbers.js';
import { textTable } from './text-table.js';

/** A table to show: the same cells as HTML and as aligned text. */
export interface Table extends Displayable {
  readonly html: string;
  readonly text: string;
}

/** How a table is made of its records. */
export interface TableOptions {
  /** The fields shown, in this order, or each with its heading. Default: every field, as first met. */
  readonly columns?: readonly string[] | Readonly<Record<string, string>>;
  /** A line over the table. */
  readonly caption?: string;
  /** Rows shown at most (default 20); the table says how many there are. */
  readonly maxRows?: number;
  /**
   * How the numbers of a field are written; default: to four digits, as many
   * decimals in each row.
   */
  readonly format?: Readonly<Record<string, (value: number) => string>>;
}

/** Longest text of a cell in the text form, in characters; the HTML form wraps instead. */
const longestText = 60;

/**
 * A table of records. Numbers stand at the right, everything is escaped, and a missing value is a dash.
 *
 * @throws if `rows` is not an array, a row is not an object, or a named column is in no row.
 */
export function table(rows: readonly object[], options: TableOptions = {}): Table {
  const { caption, maxRows = 20 } = options;
  const records = checkedRows(rows);
  const columns = chosenColumns(records, options.columns);
  const shown = records.slice(0, maxRows);
  const right = columns.map(([field]) => {
    const values = shown.map((row) => row[field]).filter((value) => value !== undefined && value !== null);
    return values.length > 0 && values.every((value) => typeof value === 'number' || typeof value === 'bigint');
  });
  const formats = columns.map(([field]) => options.format?.[field] ?? columnFormat(shown.map((row) => row[field])));
  const cells = shown.map((row) =>
    columns.map(([field], c) => cellText(row[field], formats[c] as (value: number) => string)),
  );
  const count =
    shown.length < records.length
      ? `${shown.length.toLocaleString('en-US')} of ${records.length.toLocaleString('en-US')} rows shown.`
      : records.length === 0
        ? 'No rows.'
        : '';
  const html = htmlTable(
    columns.map(([, title]) => title),
    cells,
    right,
    caption,
    count,
  );
  const body = textTable(
    columns.map(([, title], c) => ({ title, right: right[c] as boolean })),
    cells.map((row) => row.map(shorten)),
  );
  const text = [caption, body, count].filter((part) => part !== undefined && part !== '').join('\n');
  return { html, text, [jupyterDisplay]: (): MimeBundle => ({ 'text/html': html, 'text/plain': text }) };
}

/** Text made safe to stand in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

function checkedRows(rows: readonly object[]): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(rows))
    throw new Error(`table takes an array of records, got ${rows === null ? 'null' : typeof rows}.`);
  rows.forEach((row: unknown, i) => {
    if (typeof row !== 'object' || row === null) {
      throw new Error(`table: row ${i} is ${String(row)}, not a record. Write rows as { field: value } objects.`);
    }
  });
  return rows as readonly Readonly<Record<string, unknown>>[];
}

/** The fields to show with their headings. */
function chosenColumns(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: TableOptions['columns'],
): readonly (readonly [field: string, title: string])[] {
  const fields = new Set(rows.flatMap((row) => Object.keys(row)));
  if (columns === undefined) return [...fields].map((field) => [field, field] as const);
  const chosen = Array.isArray(columns)
    ? (columns as readonly string[]).map((field) => [field, field] as const)
    : Object.entries(columns as Readonly<Record<string, string>>);
  for (const [field] of chosen) {
    if (rows.length > 0 && !fields.has(field)) {
      throw new Error(`table: no row has a field ${JSON.stringify(field)}. Fields: ${[...fields].join(', ')}.`);
    }
  }
  return chosen;
}

function cellText(value: unknown, format: (value: number) => string): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return format(value);
  if (typeof value === 'bigint') return value.toLocaleString('en-US');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value) ?? String(value);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const characters = [...line];
  return characters.length <= longestText ? line : `${characters.slice(0, longestText - 1).join('')}…`;
}

function htmlTable(
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  right: readonly boolean[],
  caption: string | undefined,
  count: string,
): string {
  // Colours are left to the notebook's theme. A text in any script runs in its own direction.
  const cell = (tag: 'td' | 'th', text: string, c: number): string => {
    const align = right[c]
      ? 'text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap'
      : 'text-align:left';
    const scope = tag === 'th' ? ' scope="col"' : '';
    return `<${tag}${scope} dir="auto" style="${align};vertical-align:top;max-width:48em;overflow-wrap:break-word">${escapeHtml(text)}</${tag}>`;
  };
  const head = `<thead><tr>${titles.map((title, c) => cell('th', title, c)).join('')}</tr></thead>`;
  const body = `<tbody>${cells.map((row) => `<tr>${row.map((text, c) => cell('td', text, c)).join('')}</tr>`).join('')}</tbody>`;
  const captioned =
    caption === undefined
      ? ''
      : `<caption style="caption-side:top;text-align:left;font-weight:600;padding:4px 0">${escapeHtml(caption)}</caption>`;
  const counted = count === '' ? '' : `<p style="margin:2px 0 0;font-size:90%">${escapeHtml(count)}</p>`;
  return `<div style="overflow-x:auto"><table>${captioned}${head}${body}</table>${counted}</div>`;
}
