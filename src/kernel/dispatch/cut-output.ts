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

/** The longest file, in characters: a loop that prints for ever would fill the disk in minutes. */
const longestFile = 1_000_000_000;

/**
 * @param limit characters shown, of both streams together
 * @param kept characters of the file at most
 */
export function createCutOutput(cell: string, limit: number, kept = longestFile): CutOutput {
  // Kept until the limit is passed: then the file begins with it.
  let shown: string[] = [];
  let length = 0;
  let rest: RestFile | undefined;
  let last = '';
  return {
    take(_name, text) {
      length += text.length;
      if (rest) {
        rest.write(text);
        last = (last + text).slice(-tail);
        return '';
      }
      if (length <= limit) {
        shown.push(text);
        return text;
      }
      rest = openRest(cell, kept);
      for (const piece of shown) rest.write(piece);
      shown = [];
      rest.write(text);
      const head = text.slice(0, text.length - (length - limit));
      last = text.slice(head.length).slice(-tail);
      const { path, trouble } = rest;
      const where = trouble === undefined ? `All of it is being written to ${path}` : `It is lost: ${trouble}`;
      return `${head}\n[More than ${limit.toLocaleString('en')} characters: what follows is not shown here. ${where}]\n`;
    },
    end() {
      if (!rest) return undefined;
      rest.close();
      const { path, trouble } = rest;
      const lines = last.slice(last.indexOf('\n') + 1);
      const size = `${length.toLocaleString('en')} characters`;
      const where =
        trouble === undefined
          ? `all ${size} are in ${path} until the kernel ends`
          : `of its ${size} not all are kept: ${trouble}`;
      return `[The output ended with the lines below; ${where}.]\n${lines}`;
    },
  };
}

let folder: string | undefined;
let files = 0;

interface RestFile {
  readonly path: string;
  /** Why it holds less than it was given. */
  readonly trouble: string | undefined;
  write(text: string): void;
  close(): void;
}

/** A file that never throws: a full disk costs text, and must not cost the cell its end. */
function openRest(cell: string, most: number): RestFile {
  const within = folder ?? join(tmpdir(), `model-types-kernel-${process.pid}`);
  const path = join(within, `${cell.replaceAll(/\W+/g, '-')}-output-${++files}.txt`);
  let descriptor: number | undefined;
  let trouble: string | undefined;
  let size = 0;
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      trouble ??= (error as Error).message;
    }
  };
  attempt(() => {
    // Made once: what a killed executor leaves in its pipes must not bring it back when the kernel has removed it.
    if (!folder) mkdirSync(within, { recursive: true, mode: 0o700 });
    folder = within;
    descriptor = openSync(path, 'w', 0o600);
  });
  return {
    path,
    get trouble() {
      return trouble;
    },
    write: (text) => {
      if (descriptor === undefined || trouble !== undefined) return;
      attempt(() => writeSync(descriptor as number, text.slice(0, most - size)));
      size += text.length;
      if (size > most) trouble ??= `${path} holds the first ${most.toLocaleString('en')}`;
    },
    close: () => {
      if (descriptor !== undefined) attempt(() => closeSync(descriptor as number));
    },
  };
}

/** Removes the files of cut outputs; the kernel ends. */
export function removeCutOutputs(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
}
