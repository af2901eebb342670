// A notebook that is only checked: cells count as run, with every name defined unless told otherwise.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CellNames, CellProblem, type Completion } from '../../../src/kernel/language/language.js';
import { cellNames } from '../../../src/kernel/language/names.js';
import { createLanguage, type LanguageOptions, type LanguageService } from '../../../src/kernel/language/service.js';

export class CheckedNotebook {
  readonly folder: string;
  #language: LanguageService | undefined;
  #count = 0;

  /** In a new folder with these files; without @types/node unless `packages` link the repository's node_modules. */
  constructor(files: Readonly<Record<string, string>> = {}, { packages = true } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'notebook-'));
    if (packages)
      symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), this.path('node_modules'));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  get language(): LanguageService {
    if (!this.#language) throw new Error('open() comes first');
    return this.#language;
  }

  async open(options: Partial<LanguageOptions> = {}): Promise<this> {
    this.#language = await createLanguage({ directory: this.folder, ...options });
    return this;
  }

  close(): void {
    this.#language?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Checks a cell and counts it as run; `defined` are the names that got a value before it ended. */
  async run(source: string, options: { defined?: readonly string[]; jsx?: boolean } = {}): Promise<void> {
    this.#count++;
    await this.language.check(source, `cell ${this.#count}`);
    let names: CellNames = { values: [], types: [] };
    names = cellNames(source, options.jsx ?? false);
    this.language.commit(source, names, options.defined ?? names.values.map(({ name }) => name));
  }

  /** The error of a cell that must not pass: `evalue`. */
  async error(source: string): Promise<string> {
    return (await this.problem(source)).content.evalue;
  }

  async problem(source: string): Promise<CellProblem> {
    try {
      await this.run(source);
    } catch (error) {
      if (error instanceof CellProblem) return error;
      throw error;
    }
    throw new Error(`This cell passes the check:\n${source}`);
  }

  /** What is offered at the `|` of a text. */
  async complete(text: string): Promise<readonly Completion[]> {
    const offset = text.indexOf('|');
    return this.language.complete(text.replace('|', ''), offset);
  }

  async inspect(text: string, detail: 0 | 1 = 0): Promise<{ markdown: string; plain: string } | undefined> {
    const offset = text.indexOf('|');
    return this.language.inspect(text.replace('|', ''), offset, detail);
  }

  /** As if the executor had been replaced, so that tests do not share cells. */
  restart(): void {
    this.language.forget();
    this.#count = 0;
  }
}
