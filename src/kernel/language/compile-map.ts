// Source maps, version 3: reads esbuild's, and writes one from the code that runs to the cell as it was typed.

import type { SourceMapJson } from '../executor/messages.js';

/** One place of esbuild's code and where it comes from; lines and columns count from 0, columns in UTF-16 units. */
export interface Segment {
  readonly line: number;
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
  /** What a name was called before esbuild changed it. */
  readonly name?: string;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...digits].map((digit, value) => [digit.charCodeAt(0), value]));

/** The segments of a map that have a source, in the order of the code. */
export function readMap(map: SourceMapJson): Segment[] {
  const { mappings, names } = map;
  const segments: Segment[] = [];
  let line = 0;
  let column = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  let nameIndex = 0;
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const digit = values.get(mappings.charCodeAt(at++)) ?? 0;
      value |= (digit & 31) << shift;
      if ((digit & 32) === 0) return value & 1 ? -(value >> 1) : value >> 1;
    }
  };
  const more = () => at < mappings.length && mappings[at] !== ',' && mappings[at] !== ';';
  while (at < mappings.length) {
    if (mappings[at] === ';') {
      line++;
      column = 0;
      at++;
    } else if (mappings[at] === ',') at++;
    else {
      column += number();
      if (!more()) continue;
      number();
      sourceLine += number();
      sourceColumn += number();
      const segment = { line, column, sourceLine, sourceColumn };
      if (more()) {
        nameIndex += number();
        segments.push({ ...segment, name: names[nameIndex] ?? '' });
      } else segments.push(segment);
    }
  }
  return segments;
}

/** A map of these segments, which must come in the order of the code. */
export function writeMap(segments: readonly Segment[], name: string, source: string): SourceMapJson {
  let mappings = '';
  let [line, column, sourceLine, sourceColumn] = [0, 0, 0, 0];
  let first = true;
  for (const segment of segments) {
    if (segment.line > line) {
      mappings += ';'.repeat(segment.line - line);
      line = segment.line;
      column = 0;
      first = true;
    }
    if (!first) mappings += ',';
    first = false;
    mappings +=
      encode(segment.column - column) +
      encode(0) +
      encode(segment.sourceLine - sourceLine) +
      encode(segment.sourceColumn - sourceColumn);
    ({ column, sourceLine, sourceColumn } = segment);
  }
  return { version: 3, sources: [name], names: [], mappings, sourcesContent: [source] };
}

function encode(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/** Offsets of a text as lines and columns, and back. */
export class LineTable {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    for (const { index, 0: mark } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) this.#starts.push(index + mark.length);
    this.#length = text.length;
  }

  offset(line: number, column: number): number {
    const start = this.#starts[line];
    return start === undefined ? this.#length : Math.min(start + column, this.#length);
  }

  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, column: offset - (this.#starts[low] as number) };
  }
}
