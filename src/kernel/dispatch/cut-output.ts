// One cell's printed text, cut where it gets too long to look at: the rest goes to a file, whole, and the notebook says where.

import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CutOutput {
  /** Takes text; gives the part of it to show. */
  take(name: 'stdout' | 'stderr', text: string): string;
  /** What to say at the end; undefined where nothing was cut. */
  end(): string | undefined;
}

/** Shown at the end of a text that was cut, in characters: how it ended is often what matters. */
const tail = 2000;

/** @param limit characters shown, of both streams together */
export function createCutOutput(cell: string, limit: number): CutOutput {
  // Kept until the limit is passed: then the file begins with it.
  let shown: string[] = [];
  let length = 0;
  let file: { readonly path: string; readonly descriptor: number } | undefined;
  let last = '';
  return {
    take(_name, text) {
      length += text.length;
      if (file) {
        writeSync(file.descriptor, text);
        last = (last + text).slice(-tail);
        return '';
      }
      if (length <= limit) {
        shown.push(text);
        return text;
      }
      file = openFile(cell);
      for (const piece of shown) writeSync(file.descriptor, piece);
      shown = [];
      writeSync(file.descriptor, text);
      const head = text.slice(0, text.length - (length - limit));
      last = text.slice(head.length).slice(-tail);
      return `${head}\n[More than ${limit.toLocaleString('en')} characters: what follows is not shown here. All of it is being written to ${file.path}]\n`;
    },
    end() {
      if (!file) return undefined;
      closeSync(file.descriptor);
      const lines = last.slice(last.indexOf('\n') + 1);
      return `[The output ended with the lines below; all ${length.toLocaleString('en')} characters are in ${file.path} until the kernel ends.]\n${lines}`;
    },
  };
}

let folder: string | undefined;
let files = 0;

function openFile(cell: string): { path: string; descriptor: number } {
  if (!folder) {
    folder = join(tmpdir(), `model-types-kernel-${process.pid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const path = join(folder, `${cell.replaceAll(/\W+/g, '-')}-output-${++files}.txt`);
  return { path, descriptor: openSync(path, 'w', 0o600) };
}

/** Removes the files of cut outputs; the kernel ends. */
export function removeCutOutputs(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
}
