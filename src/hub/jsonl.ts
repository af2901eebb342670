// Reads a JSON Lines file (one JSON object a line) into records that know their line, so that errors can name it.
//
//   const table = await readJsonl('reviews.jsonl');    // {"text": "Broke after a week.", "label": "negative"}
//   table.records[0];   // { line: 1, fields: { text: 'Broke after a week.', label: 'negative' } }

import { z } from 'zod';
import { type FileRecord, type FileTable, readTextFile } from './text-file.js';

const jsonObject = z.record(z.string(), z.unknown());

/** Reads a JSON Lines file; blank lines are skipped. */
export async function readJsonl(path: string): Promise<FileTable> {
  return parseJsonl(await readTextFile(path), path);
}

/** Parses JSON Lines text with `\n` line ends. `file` is the name used in errors. */
export function parseJsonl(text: string, file: string): FileTable {
  const columns = new Set<string>();
  const records: FileRecord[] = [];
  for (const [i, source] of text.split('\n').entries()) {
    if (source.trim() === '') continue;
    const line = i + 1;
    const fields = jsonObject.safeParse(parseLine(source, file, line));
    if (!fields.success) {
      throw new Error(`${file}, line ${line}: every line must be a JSON object like {"text": ..., "label": ...}.`);
    }
    for (const name of Object.keys(fields.data)) columns.add(name);
    records.push({ line, fields: fields.data });
  }
  return { file, columns: [...columns], records };
}

function parseLine(source: string, file: string, line: number): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new Error(`${file}, line ${line}: not valid JSON (${(error as Error).message}).`);
  }
}
