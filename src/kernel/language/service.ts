// The type checker's side of a notebook: checks cells, completes and explains their names, over TypeScript's language server.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ambientDeclarations } from './ambient.js';
import { isUnchecked, jsxNames, roughNames } from './cell-text.js';
import { Cells, emptyModule, indexModule, type Module } from './cells.js';
import { placeName } from './code-frame.js';
import { allowsJsx } from './compile-options.js';
import { completionsOf, cutBefore, type ServerCompletions } from './completion.js';
import { type CheckedText, cannotCheck, missesModule, problemsOf, readable, typeError } from './diagnostics.js';
import {
  type Definition,
  inspectionOfHover,
  inspectionOfSignatures,
  type ServerHover,
  type ServerSignatures,
} from './inspection.js';
import type { CellNames, Completion, Language } from './language.js';
import { LocalFiles } from './local-modules.js';
import { LanguageServer } from './lsp.js';
import { type FileEvent, type ServerDiagnostic, type ServerRange, ServerTrouble } from './lsp-messages.js';
import { cellNames } from './names.js';
import { positionAt, wordAt } from './positions.js';
import { type Project, ProjectReader } from './project.js';

export interface LanguageOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** Its settings, where they are read elsewhere too: by the compiler. */
  readonly project?: ProjectReader;
  /** The language server ended without being told to; it is started again. */
  readonly died?: (message: string) => void;
  /** For tests: another executable in the place of TypeScript's. */
  readonly executable?: string;
}

/** Starts the type checker of a notebook, and lets it read the standard library before the first cell asks. */
export async function createLanguage(options: LanguageOptions): Promise<LanguageService> {
  const service = new LanguageService(options);
  await service.start();
  return service;
}

const configFile = 'tsconfig.json';
const globalsFile = '__globals.d.ts';
/** How many requests of a kind may wait; the oldest are given up, since their askers have typed on. */
const mostWaiting = 4;

/** A text that is being typed, as a module. */
interface Draft extends Module {
  readonly source: string;
}

export class LanguageService implements Language {
  readonly #directory: string;
  readonly #server: LanguageServer;
  readonly #reader: ProjectReader;
  readonly #cells = new Cells();
  readonly #files: LocalFiles;
  readonly #waiting = new Map<string, AbortController[]>();
  #project: Project | undefined;
  #size = 0;
  #newSettings = false;
  /** The cell that was checked last, or that runs unchecked. */
  #pending: { source: string; cellName: string; slot: number; module: Module } | undefined;

  constructor({ directory, project, died, executable }: LanguageOptions) {
    this.#directory = directory;
    this.#reader = project ?? new ProjectReader(directory);
    this.#files = new LocalFiles(directory);
    this.#server = new LanguageServer({
      directory,
      died: died ?? ((message) => console.error(message)),
      ...(executable === undefined ? {} : { executable }),
    });
  }

  /** The id of the server's process, for tests and measurements. */
  get pid(): number | undefined {
    return this.#server.pid;
  }

  async start(): Promise<void> {
    this.#configure();
    await this.#server.start();
    // Nobody waits for this: it fills the server's caches.
    this.#server.set(this.#draft, `console.log(process.argv);\n${emptyModule(this.#extension)}`);
    this.#diagnose(this.#draft).catch(() => {});
  }

  async check(source: string, cellName: string): Promise<void> {
    const { trouble, path, options } = this.#configure();
    const slot = this.#cells.free();
    this.#configure();
    const module = this.#cells.module(source, this.#namesOf(source), this.#extension, jsxNames(options));
    this.#pending = { source, cellName, slot, module };
    if (isUnchecked(source)) return;
    if (trouble) throw cannotCheck(`${trouble}`);
    const file = this.#file(slot);
    this.#server.set(file, module.text);
    this.#tell(this.#files.changes([...this.#cells.sources(), source]));
    let diagnostics: readonly ServerDiagnostic[];
    try {
      diagnostics = await this.#diagnose(file);
      if (missesModule(diagnostics)) {
        this.#lookAgain();
        diagnostics = await this.#diagnose(file);
      }
    } catch (error) {
      if (error instanceof ServerTrouble) throw cannotCheck(error.message);
      throw error;
    }
    const complaint = await this.#complaint();
    if (complaint) throw cannotCheck(`${path ?? configFile}: ${complaint}`);
    const checked = { ...this.#checkedText(source, cellName, module), file };
    const problems = problemsOf(diagnostics, checked);
    if (problems.length > 0) throw typeError(problems, checked);
  }

  commit(source: string, names: CellNames, defined: readonly string[]): void {
    this.#configure();
    let pending = this.#pending;
    if (pending?.source !== source) {
      const slot = this.#cells.free();
      this.#configure();
      const module = this.#cells.module(source, names, this.#extension, jsxNames(this.#reader.current().options));
      pending = { source, cellName: 'a cell', slot, module };
    }
    const { slot, module, cellName } = pending;
    this.#pending = undefined;
    this.#server.set(this.#file(slot), module.text);
    this.#cells.commit(slot, { source, names, cellName, uses: module.uses, defined });
  }

  async complete(source: string, offset: number): Promise<readonly Completion[]> {
    const cut = cutBefore(source, offset);
    const draft = this.#draftOf(source.slice(0, offset - cut) + source.slice(offset));
    const found = await this.#asked<ServerCompletions>('textDocument/completion', draft, offset - cut);
    return completionsOf(found, {
      source,
      offset,
      linesBefore: draft.linesBefore,
      cut,
      kindOf: (name) => kindWords[this.#cells.kindOf(name) ?? 'import'],
    });
  }

  async inspect(
    source: string,
    offset: number,
    detail: 0 | 1,
  ): Promise<{ markdown: string; plain: string } | undefined> {
    const draft = this.#draftOf(source);
    const word = wordAt(source, offset);
    if (word.end > word.start) {
      // At the end of a word the server looks at what comes after it.
      const inside = offset === word.end ? Math.max(word.start, offset - 1) : offset;
      const [hover, definition] = await Promise.all([
        this.#asked<ServerHover>('textDocument/hover', draft, inside),
        detail === 1 ? this.#definition(draft, inside) : undefined,
      ]);
      const found = inspectionOfHover(hover, this.#cells, definition);
      if (found) return found;
    }
    const help = await this.#asked<ServerSignatures>('textDocument/signatureHelp', draft, offset);
    return inspectionOfSignatures(help, this.#cells, detail);
  }

  forget(): void {
    this.#cells.forget();
    this.#pending = undefined;
    for (let slot = 1; slot <= this.#size; slot++) this.#server.set(this.#file(slot), emptyModule(this.#extension));
  }

  close(): void {
    this.#server.close();
  }

  /** Brings the server's documents up to the settings and the number of cells. */
  #configure(): Project {
    const project = this.#reader.current();
    const { size } = this.#cells;
    const before = this.#project;
    if (project === before && size === this.#size) return project;
    const { extension, checkOptions, declarations } = project;
    this.#project = project;
    this.#size = size;
    const cells = Array.from({ length: size }, (_, i) => this.#file(i + 1));
    const index = `__cells${extension}`;
    // All are listed: at a file that is not, the server goes looking in the folders above, and loads the projects it finds there.
    const files = [configFile, globalsFile, ...declarations, index, this.#draft, ...cells];
    const settings = (compilerOptions: object) => JSON.stringify({ compilerOptions, files });
    const text = settings(checkOptions);
    const staged = settings({ noLib: true, noResolve: true, types: [], resolveJsonModule: true, noEmit: true });
    // With another extension the same modules go on under other names.
    const earlier = before?.extension ?? extension;
    const earlierName = (file: string) => file.slice(0, -extension.length) + earlier;
    const modules = [...cells, this.#draft].map((file): [string, string] => {
      const known = this.#server.text(earlierName(file)) ?? emptyModule(extension);
      return [file, known.replaceAll(`"./__cells${earlier}"`, `"./__cells${extension}"`)];
    });
    this.#newSettings = true;
    this.#server.configure({ name: configFile, text, staged }, [
      [globalsFile, ambientDeclarations],
      ...modules,
      [index, indexModule(size, extension)],
    ]);
    if (earlier !== extension)
      for (const file of [...cells, this.#draft, index]) this.#server.remove(earlierName(file));
    return project;
  }

  #namesOf(source: string): CellNames {
    try {
      return cellNames(source, allowsJsx(this.#reader.current().options));
    } catch {
      // It does not parse: then the names are only there to keep earlier ones of them out.
      return { values: [...roughNames(source)].map((name) => ({ name, kind: 'import' })), types: [] };
    }
  }

  /** A text that is being typed, beside the cells that ran; every name of theirs may be the one that is wanted. */
  #draftOf(source: string): Draft {
    this.#configure();
    return { source, ...this.#cells.module(source, this.#namesOf(source), this.#extension, 'all') };
  }

  async #diagnose(file: string): Promise<readonly ServerDiagnostic[]> {
    const report = await this.#server.request<{ items?: readonly ServerDiagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: this.#server.uri(file) },
    });
    return report?.items ?? [];
  }

  /** Asks about an offset of a text. Undefined where the server has no answer. */
  async #asked<T>(method: string, draft: Draft, offset: number): Promise<T | undefined> {
    const waiting = this.#waiting.get(method) ?? [];
    this.#waiting.set(method, waiting);
    const own = new AbortController();
    waiting.push(own);
    if (waiting.length > mostWaiting) waiting.shift()?.abort();
    const { line, character } = positionAt(draft.source, offset);
    const params = {
      textDocument: { uri: this.#server.uri(this.#draft) },
      position: { line: line + draft.linesBefore, character },
    };
    // All drafts share one document: between two requests it may have become another.
    const prepare = () => this.#server.set(this.#draft, draft.text);
    try {
      return await this.#server.request<T>(method, params, { signal: own.signal, prepare });
    } catch (error) {
      if (error instanceof ServerTrouble) return undefined;
      throw error;
    } finally {
      const index = waiting.indexOf(own);
      if (index >= 0) waiting.splice(index, 1);
    }
  }

  async #definition(draft: Draft, offset: number): Promise<Definition | undefined> {
    const { source, linesBefore } = draft;
    type Location = { readonly uri: string; readonly range: ServerRange };
    type Answer = Location | readonly Location[] | null;
    const found = await this.#asked<Answer>('textDocument/definition', draft, offset);
    const [location] = found ? [found].flat() : [];
    if (!location) return undefined;
    const path = fileURLToPath((location as Location).uri);
    const { line } = (location as Location).range.start;
    const slot = /^__cell_(\d+)\./.exec(basename(path))?.[1];
    if (slot !== undefined) {
      const cell = this.#cells.at(Number(slot));
      return cell && excerpt(cell.source, line - 1, placeName(cell.cellName, { line: line - 1, column: 0 }));
    }
    if (basename(path).startsWith('__draft')) return excerpt(source, line - linesBefore, 'This cell');
    if (basename(path) === globalsFile) return undefined;
    try {
      return excerpt(readFileSync(path, 'utf8'), line, `${readable(path, this.#directory)}:${line + 1}`);
    } catch {
      return undefined;
    }
  }

  #checkedText(source: string, cellName: string, { linesBefore }: Module): Omit<CheckedText, 'file'> {
    return {
      source,
      cellName,
      linesBefore,
      directory: this.#directory,
      kindOf: (name) => this.#cells.kindOf(name),
      cellWithout: (name) => this.#cells.cellWithout(name),
      at: (slot) => this.#cells.at(slot),
    };
  }

  #tell(changes: readonly FileEvent[]): void {
    if (changes.length > 0) this.#server.notify('workspace/didChangeWatchedFiles', { changes });
  }

  /** Makes the server look for modules again: it does so where the settings have changed, be it by a blank. */
  #lookAgain(): void {
    const text = this.#server.text(configFile) as string;
    this.#server.set(configFile, text.endsWith(' ') ? text.trimEnd() : `${text} `);
  }

  /** What the server has against the settings themselves. */
  async #complaint(): Promise<string | undefined> {
    if (this.#newSettings) {
      this.#newSettings = false;
      await this.#server.publishing(configFile, 100);
    }
    const about = this.#server.published(configFile).find(({ severity, code, message }) => {
      // Of our own files it may have heard in the wrong order; without @types/node cells run all the same.
      const isOurs = message.includes('__') && code === 6053;
      return severity === 1 && !isOurs && !(code === 2688 && message.includes("'node'"));
    });
    return about?.message.split('\n')[0];
  }

  get #extension(): Project['extension'] {
    return this.#project?.extension ?? '.ts';
  }

  get #draft(): string {
    return `__draft${this.#extension}`;
  }

  #file(slot: number): string {
    return `__cell_${slot}${this.#extension}`;
  }
}

/** What a name of an earlier cell is called in a list of completions; imports are what the server says they are. */
const kindWords: Readonly<Record<string, string | undefined>> = {
  let: 'variable',
  var: 'variable',
  const: 'constant',
  function: 'function',
  class: 'class',
  enum: 'enum',
  namespace: 'module',
  type: 'interface',
};

function excerpt(text: string, line: number, where: string): Definition | undefined {
  const lines = text.split(/\r\n|[\n\r]/).slice(Math.max(0, line), line + 12);
  return lines.length > 0 ? { where, code: lines.join('\n') } : undefined;
}
