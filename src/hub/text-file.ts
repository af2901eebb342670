// Reads a text file of somebody else's making: UTF-8 checked, byte-order mark and Windows line ends dealt with once,
// so that the parsers of CSV and JSON Lines see plain text and count lines as an editor does.

import { readFile } from 'node:fs/promises';

/** A value of a file and where it stands. `line` counts from 1, as editors do; a record of several lines has its first. */
export interface FileRecord {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A file of records. `columns` are the names that occur, in order of appearance. */
export interface FileTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly records: readonly FileRecord[];
  /** What the records' numbers count, in errors. Default: `line`. */
  readonly place?: 'line' | 'row';
}

/** The text of a UTF-8 file, without byte-order mark, every line ending in `\n`. Throws if it is missing, empty or not UTF-8. */
export async function readTextFile(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Error(`${path}: there is no such file (looked from ${process.cwd()}).`);
    if (code === 'EISDIR') throw new Error(`${path}: this is a folder, not a file.`);
    throw error;
  }
  const text = decode(bytes, path).replace(/\r\n?/g, '\n');
  if (text.trim() === '') throw new Error(`${path}: the file is empty.`);
  return text;
}

function decode(bytes: Uint8Array, path: string): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const line = utf16 ? 1 : firstBadLine(bytes);
    const guess = utf16 ? 'it looks like UTF-16' : 'it may be Windows-1252 or Latin-1';
    throw new Error(`${path}, line ${line}: not UTF-8 (${guess}). Save the file as UTF-8 and load it again.`);
  }
}

/** Decodes line by line: no UTF-8 sequence contains the byte of a line end, so lines can be judged apart. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}
