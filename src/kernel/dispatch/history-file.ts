// The file that history is kept in: lines of JSON, only ever appended to, by several kernels at once.
//
//   {"sessions":40}                                             so many sessions began before what follows (in a shortened file)
//   {"begin":"5e0c..."}                                         a session began: the 41st
//   {"session":41,"line":1,"input":"1 + 1","output":"2"}        a cell of it
//
// One line is one write with O_APPEND, so that lines of two kernels never mix; a line that is torn all the same (a full disk, a
// kernel killed) is passed over. The file is opened for each write, since another kernel may have put a shortened one in its place.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A cell that ran. */
export interface HistoryCell {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  /** Its result as text. */
  readonly output?: string;
}

export interface HistoryFileOptions {
  /** The file is shortened to half of this many bytes when it has passed them. Default 4 MB. */
  readonly limit?: number;
}

/** A lock older than this was left behind; milliseconds. */
const staleLock = 60_000;

export class HistoryFile {
  readonly #path: string;
  readonly #limit: number;
  #cache: { readonly stamp: string; readonly content: Content } | undefined;

  constructor(path: string, options: HistoryFileOptions = {}) {
    this.#path = path;
    this.#limit = options.limit ?? 4_000_000;
  }

  /** Notes that a session began; gives its number. */
  begin(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    this.#shorten();
    for (let attempt = 0; attempt < 10; attempt++) {
      const id = randomUUID();
      this.#append({ begin: id });
      const number = this.#read().sessions.get(id);
      // Missing where the file was shortened between the two: then it has been counted, and its number is lost.
      if (number !== undefined) return number;
    }
    throw new Error(`${this.#path} does not keep what is written to it.`);
  }

  append(cell: HistoryCell): void {
    this.#append(cell);
  }

  /** All cells, of all sessions, oldest first. None where there is no file. */
  cells(): readonly HistoryCell[] {
    return this.#read().cells;
  }

  /** How many sessions began so far. */
  sessions(): number {
    return this.#read().count;
  }

  #append(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    // Written again where another kernel has meanwhile put a shortened file in its place; two equal lines count as one.
    for (let attempt = 0; attempt < 3; attempt++) {
      const file = openSync(this.#path, 'a+', 0o600);
      try {
        const { size, ino } = fstatSync(file);
        writeSync(file, endsTorn(file, size) ? `\n${line}` : line);
        if (stampOf(this.#path)?.ino === ino) return;
      } finally {
        closeSync(file);
      }
    }
  }

  #read(): Content {
    const stamp = stampOf(this.#path);
    if (!stamp) return nothing;
    const key = `${stamp.ino} ${stamp.size} ${stamp.mtimeMs}`;
    if (this.#cache?.stamp !== key) this.#cache = { stamp: key, content: parse(readFileSync(this.#path, 'utf8')) };
    return this.#cache.content;
  }

  /** Drops the oldest cells of a file that has grown too long: written anew beside it, then put in its place. */
  #shorten(): void {
    if ((stampOf(this.#path)?.size ?? 0) <= this.#limit) return;
    const lock = `${this.#path}.lock`;
    if (!take(lock)) return;
    const fresh = `${this.#path}.${process.pid}.tmp`;
    try {
      const old = openSync(this.#path, 'r');
      try {
        const text = readFileSync(old, 'utf8');
        const { count, cells } = parse(text);
        const kept: string[] = [];
        let size = 0;
        for (const cell of [...cells].reverse()) {
          const line = JSON.stringify(cell);
          size += Buffer.byteLength(line) + 1;
          if (size > this.#limit / 2) break;
          kept.unshift(line);
        }
        writeFileSync(fresh, `${[JSON.stringify({ sessions: count }), ...kept].join('\n')}\n`, { mode: 0o600 });
        renameSync(fresh, this.#path);
        // What other kernels appended to the old file meanwhile.
        const late = readFileSync(old, 'utf8');
        if (late.trim() !== '') for (const line of late.split('\n')) if (isWhole(line)) this.#append(JSON.parse(line));
      } finally {
        closeSync(old);
      }
    } finally {
      rmSync(fresh, { force: true });
      rmSync(lock, { force: true });
    }
  }
}

interface Content {
  readonly count: number;
  /** Number of each session whose beginning is in the file, by its id. */
  readonly sessions: ReadonlyMap<string, number>;
  readonly cells: readonly HistoryCell[];
}

const nothing: Content = { count: 0, sessions: new Map(), cells: [] };

function parse(text: string): Content {
  let count = 0;
  const sessions = new Map<string, number>();
  const cells = new Map<string, HistoryCell>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let value: Readonly<Record<string, unknown>>;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    const { sessions: before, begin, session, line: number, input, output } = value;
    if (typeof before === 'number') count = Math.max(count, before);
    else if (typeof begin === 'string') {
      if (!sessions.has(begin)) sessions.set(begin, ++count);
    } else if (typeof session === 'number' && typeof number === 'number' && typeof input === 'string') {
      const cell = { session, line: number, input, ...(typeof output === 'string' ? { output } : {}) };
      cells.set(`${session} ${number}`, cell);
    }
  }
  return { count, sessions, cells: [...cells.values()] };
}

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

/** Whether a file ends in the middle of a line. */
function endsTorn(file: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function stampOf(path: string): { ino: number; size: number; mtimeMs: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function take(lock: string): boolean {
  const attempt = (): boolean => {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  };
  if (attempt()) return true;
  const held = statSync(lock, { throwIfNoEntry: false });
  if (held && Date.now() - held.mtimeMs < staleLock) return false;
  rmSync(lock, { force: true });
  return attempt();
}
