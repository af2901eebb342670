// How a table looks: its first rows, aligned, in a terminal; and in a notebook with the kinds of the columns under their names.
//
//   console.log(penguins);
//   // species      bill_length_mm
//   // categorical         numeric
//   // Adelie                 39.1
//   // 344 rows x 2 columns; the first 10 are shown.

import { type Column, type Value, valueAt } from './column.js';
import type { Table } from './table.js';

/** Rows shown at most. */
const shownRows = 10;
/** Columns of a terminal: wider tables are written in blocks, one under another. */
const lineWidth = 120;
/** Longest text of a cell in a terminal. */
const longestText = 30;
const missingMark = '–';

/** A column ready to show. */
interface Shown {
  readonly column: Column;
  readonly right: boolean;
  /** Undefined where the value is missing. */
  readonly cells: readonly (string | undefined)[];
}

/** Aligned text: names, kinds, the first rows, how many there are. */
export function tableText(table: Table): string {
  const lines = shown(table).map(({ column, right, cells }) => {
    const texts = [column.name, column.kind, ...cells.map((cell) => shorten(cell ?? missingMark))];
    const width = Math.max(...texts.map(widthOf));
    const space = (text: string): string => ' '.repeat(width - widthOf(text));
    return { width, lines: texts.map((text) => (right ? space(text) + text : text + space(text))) };
  });
  const blocks: (typeof lines)[] = [];
  let filled = Number.POSITIVE_INFINITY;
  for (const column of lines) {
    if (filled + 2 + column.width > lineWidth) {
      blocks.push([]);
      filled = -2;
    }
    blocks.at(-1)?.push(column);
    filled += 2 + column.width;
  }
  const texts = blocks.map((block) =>
    (block[0]?.lines ?? []).map((_, i) =>
      block
        .map((column) => column.lines[i])
        .join('  ')
        .trimEnd(),
    ),
  );
  return [...texts.map((block) => block.join('\n')), sizeLine(table)].join(texts.length > 1 ? '\n\n' : '\n');
}

/** The same as HTML. Missing values are faint dashes that say what they are. */
export function tableHtml(table: Table): string {
  const columns = shown(table);
  const align = (right: boolean): string =>
    right ? 'text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap' : 'text-align:left';
  const head = columns.map(
    ({ column, right }) =>
      `<th scope="col" dir="auto" style="${align(right)}">${escapeHtml(column.name)}<br><span style="font-weight:400;font-size:85%;opacity:.7">${column.kind}</span></th>`,
  );
  const rows = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, row) =>
    columns.map(({ right, cells }) => {
      const cell = cells[row];
      const text =
        cell === undefined ? `<span title="missing" style="opacity:.5">${missingMark}</span>` : escapeHtml(cell);
      return `<td dir="auto" style="${align(right)};vertical-align:top;max-width:24em;overflow-wrap:break-word">${text}</td>`;
    }),
  );
  return [
    '<div style="overflow-x:auto"><table>',
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('')}</tbody>`,
    `</table><p style="margin:2px 0 0;font-size:90%">${sizeLine(table)}</p></div>`,
  ].join('');
}

/** '344 rows x 7 columns'. */
export function sizeText({ rowCount, columns }: Table): string {
  const count = (number: number, what: string): string =>
    `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
  return `${count(rowCount, 'row')} x ${count(columns.length, 'column')}`;
}

const sizeLine = (table: Table): string =>
  `${sizeText(table)}${table.rowCount > shownRows ? `; the first ${shownRows} are shown` : ''}.`;

function shown(table: Table): Shown[] {
  const rows = Array.from({ length: Math.min(table.rowCount, shownRows) }, (_, row) => row);
  return table.columns.map((column) => {
    const values = rows.map((row) => valueAt(column, row));
    const write = writerOf(column, values);
    const cells = values.map((value) => (value === undefined ? undefined : write(value)));
    return { column, right: column.kind === 'numeric', cells };
  });
}

function writerOf({ kind }: Column, values: readonly Value[]): (value: Value) => string {
  if (kind === 'categorical') return String;
  const write = kind === 'numeric' ? writeNumbers(values as number[]) : writeDates(values as Date[]);
  return (value) => write(value as never);
}

/** Numbers of a column with the same number of decimals: what six digits need, none where all are whole. */
function writeNumbers(values: readonly (number | undefined)[]): (value: number) => string {
  const decimals = values.map((value) => {
    if (value === undefined || Number.isInteger(value) || !Number.isFinite(value)) return 0;
    const size = Math.floor(Math.log10(Math.abs(value)));
    const digits = Math.min(8, Math.max(1, 5 - size));
    return /\.(\d*?)0*$/.exec(value.toFixed(digits))?.[1]?.length ?? 0;
  });
  const places = Math.max(0, ...decimals);
  const tiny = (value: number): boolean => value !== 0 && Number(value.toFixed(places)) === 0;
  return (value) =>
    tiny(value) || Math.abs(value) >= 1e15 ? String(Number(value.toPrecision(4))) : value.toFixed(places);
}

/** Days; with the time if one of them has one. */
function writeDates(values: readonly (Date | undefined)[]): (value: Date) => string {
  const midnight = values.every((value) => value === undefined || value.getTime() % 86_400_000 === 0);
  return (value) => {
    if (Number.isNaN(value.getTime())) return 'beyond the calendar'; // more than 270,000 years from 1970
    return midnight ? value.toISOString().slice(0, 10) : value.toISOString().replace('T', ' ').slice(0, 19);
  };
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) as number};`);

function shorten(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= longestText ? characters.join('') : `${characters.slice(0, longestText - 1).join('')}…`;
}

/** Columns a terminal gives a text: wide characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    if (!/\p{M}/u.test(character))
      width += /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{Emoji_Presentation}\uff01-\uff60]/u.test(character)
        ? 2
        : 1;
  return width;
}
