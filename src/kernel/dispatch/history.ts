// History: what ran in this session and in those before it, as Jupyter's history_request asks for it.

import type { HistoryEntry, HistoryRequest } from '../protocol/messages.js';
import { type HistoryCell, HistoryFile, type HistoryFileOptions } from './history-file.js';
import { historyPath } from './history-place.js';

export interface HistoryOptions extends HistoryFileOptions {
  /** The file; undefined keeps the history in memory alone. Default: see `historyPath`. */
  readonly path?: string | undefined;
  /** Hears, once, why nothing is kept. Default: standard error, Jupyter's log. */
  readonly warn?: (text: string) => void;
}

/** A result's text beyond this is not kept, in characters. */
const longestOutput = 10_000;

export class History {
  #file: HistoryFile | undefined;
  readonly #path: string | undefined;
  readonly #warn: (text: string) => void;
  readonly #here: HistoryCell[] = [];
  /** The number of this session; it gets one with its first cell. */
  #session: number | undefined;

  constructor(options: HistoryOptions = {}) {
    this.#path = 'path' in options ? options.path : historyPath();
    this.#file = this.#path === undefined ? undefined : new HistoryFile(this.#path, options);
    this.#warn = options.warn ?? ((text) => console.error(text));
  }

  /** Keeps a cell that ran, with its result as text. */
  add(line: number, input: string, output?: string): void {
    this.#session ??= this.#keep(1, (file) => file.begin());
    const text = output === undefined ? {} : { output: output.slice(0, longestOutput) };
    const cell: HistoryCell = { session: this.#session, line, input, ...text };
    this.#here.push(cell);
    this.#keep(undefined, (file) => file.append(cell));
  }

  /** The cells a client asks for, oldest first. */
  request(request: HistoryRequest): readonly HistoryEntry[] {
    const entry = (cell: HistoryCell, session = cell.session): HistoryEntry =>
      request.output ? [session, cell.line, [cell.input, cell.output ?? null]] : [session, cell.line, cell.input];

    if (request.hist_access_type === 'tail') return lastOf(this.#all(), request.n).map((cell) => entry(cell));
    if (request.hist_access_type === 'search') {
      const matches = wildcard(request.pattern);
      let found = this.#all().filter((cell) => matches(cell.input));
      if (request.unique) found = newestOfEach(found);
      return (request.n === null ? found : lastOf(found, request.n)).map((cell) => entry(cell));
    }
    const { session, start, stop } = request;
    const inRange = (cell: HistoryCell) => cell.line >= start && (stop === null || cell.line < stop);
    // This session's cells are called 0, as they were asked for.
    if (session === 0) return this.#here.filter(inRange).map((cell) => entry(cell, 0));
    const number = session > 0 ? session : this.#number() + session;
    return this.#all()
      .filter((cell) => cell.session === number && inRange(cell))
      .map((cell) => entry(cell));
  }

  /** This session's number, or the one it is going to have. */
  #number(): number {
    return this.#session ?? this.#keep(0, (file) => file.sessions()) + 1;
  }

  /** Everything there is: other kernels may have added to the file. */
  #all(): HistoryCell[] {
    const kept = this.#keep([] as readonly HistoryCell[], (file) => file.cells());
    const seen = new Set(kept.filter((cell) => cell.session === this.#session).map((cell) => cell.line));
    return [...kept, ...this.#here.filter((cell) => !seen.has(cell.line))];
  }

  /** Does something with the file; without one, or once it cannot be used, the answer is `otherwise`. */
  #keep<T>(otherwise: T, use: (file: HistoryFile) => T): T {
    if (!this.#file) return otherwise;
    try {
      return use(this.#file);
    } catch (error) {
      this.#file = undefined;
      this.#warn(
        `History is kept in memory only, since ${this.#path} cannot be used: ${(error as Error).message}. ` +
          'Set MODEL_TYPES_KERNEL_HISTORY to another file, or to "off".',
      );
      return otherwise;
    }
  }
}

function lastOf<T>(list: readonly T[], count: number): T[] {
  return count === 0 ? [] : list.slice(-count);
}

/** Of cells with the same text the newest, where it stands. */
function newestOfEach(cells: readonly HistoryCell[]): HistoryCell[] {
  const newest = new Map<string, HistoryCell>();
  for (const cell of cells) {
    newest.delete(cell.input);
    newest.set(cell.input, cell);
  }
  return [...newest.values()];
}

/** Whether a text, whole, is what a pattern says: `*` is any text, `?` any character. Takes no more than length times length. */
export function wildcard(pattern: string): (text: string) => boolean {
  const wanted = [...pattern];
  return (text) => {
    const given = [...text];
    // The last star seen, and how much of the text it stands for; where what follows fails, it takes one character more.
    let [star, taken] = [-1, 0];
    let at = 0;
    let here = 0;
    while (here < given.length) {
      if (wanted[at] === '*') {
        star = at++;
        taken = here;
      } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[here])) {
        at++;
        here++;
      } else if (star >= 0) {
        at = star + 1;
        here = ++taken;
      } else {
        return false;
      }
    }
    while (wanted[at] === '*') at++;
    return at === wanted.length;
  };
}
