// Turns a cell, TypeScript as it was typed, into the script that the executor runs.
//
//   the cell  -- rewrite-source -->  a module that stores its result
//             -- esbuild -->         JavaScript that Node 20 knows
//             -- rewrite -->         a script that works on the notebook's variables
//
// Each step knows where its text came from, so one map leads from the script back to the cell.

import { Script } from 'node:vm';
import type { Message, TransformFailure } from 'esbuild';
import type { SourceMapJson } from '../executor/messages.js';
import type { Problem } from './code-frame.js';
import { LineTable, readMap, type Segment, writeMap } from './compile-map.js';
import { allowsJsx, type CompilerOptions, esbuildOptions, tellsTypes } from './compile-options.js';
import { transform } from './esbuild-service.js';
import type { CellNames, CellProblem, Compile } from './language.js';
import { mentions, namesOf } from './names.js';
import { ParseTrouble, parseCell, type Syntax } from './parse.js';
import { cellProblem } from './problem.js';
import { type RewrittenCode, rewrite } from './rewrite.js';
import type { EditedText } from './rewrite-edits.js';
import { FreshNames } from './rewrite-names.js';
import { asModule, mergingNames, rewriteSource } from './rewrite-source.js';

export interface CompilerSettings {
  /** The compiler options of the notebook's tsconfig.json, asked for at every cell. */
  readonly options?: () => CompilerOptions | Promise<CompilerOptions>;
}

/** A compiler of cells. Needs nothing of its own but esbuild's process, which starts with the first cell. */
export function createCompiler(settings: CompilerSettings): Compile {
  return async (source, cellName, known) => {
    const options = (await settings.options?.()) ?? {};
    try {
      return await new Compilation(source, cellName, known, options).run();
    } catch (error) {
      // The stack overflowed in the parser: two thousand terms of one sum do that.
      if (!(error instanceof RangeError)) throw error;
      const message = 'An expression of this cell is nested too deeply, or has thousands of terms: split it.';
      throw cellProblem('SyntaxError', source, cellName, [{ message, start: { line: 0, column: 0 } }]);
    }
  };
}

/** The compiler for notebooks without a tsconfig. */
export const compile: Compile = createCompiler({});

class Compilation {
  readonly #source: string;
  readonly #cellName: string;
  readonly #known: ReadonlySet<string>;
  readonly #options: CompilerOptions;
  readonly #lines: LineTable;

  constructor(source: string, cellName: string, known: ReadonlySet<string>, options: CompilerOptions) {
    this.#source = source;
    this.#cellName = cellName;
    this.#known = known;
    this.#options = options;
    this.#lines = new LineTable(source);
  }

  async run(): ReturnType<Compile> {
    const syntax = await this.#parse();
    const names = namesOf(syntax);
    const runtime = new FreshNames(mentions(this.#source)).take('$');
    const module = rewriteSource(this.#source, syntax, runtime, tellsTypes(this.#options));
    const { code, map } = await this.#strip(module);
    const segments = readMap(map);
    const codeLines = new LineTable(code);
    const script = this.#rewrite(code, codeLines, segments, names, runtime, module);
    const finalMap = this.#compose(segments, codeLines, module, script);
    this.#tryOut(script.text.text, finalMap);
    const declares = names.values.map(({ name }) => name);
    return { cell: { name: this.#cellName, code: script.text.text, map: finalMap, declares }, names };
  }

  /** The cell's syntax tree. Of its faults esbuild mostly tells better than Babel does. */
  async #parse(): Promise<Syntax> {
    let syntax: Syntax | undefined;
    let trouble: ParseTrouble | undefined;
    try {
      syntax = parseCell(this.#source, allowsJsx(this.#options));
      if ((syntax.errors ?? []).length === 0) return syntax;
    } catch (error) {
      if (!(error instanceof ParseTrouble)) throw error;
      trouble = error;
      // Where something begins that has no end, not where the text ends.
      if (trouble.reason.startsWith('Unterminated')) throw this.#problemAt(trouble.message, trouble.offset);
    }
    await this.#strip(asModule(this.#source), trouble);
    if (syntax) return syntax;
    throw this.#problemAt(trouble?.message ?? 'This cell cannot be parsed.', trouble?.offset ?? 0);
  }

  /** Takes off the types. `trouble` is what Babel has to say where esbuild has no words. */
  async #strip(module: EditedText, trouble?: ParseTrouble): Promise<{ code: string; map: SourceMapJson }> {
    try {
      const { code, map } = await transform(module.text, {
        loader: allowsJsx(this.#options) ? 'tsx' : 'ts',
        format: 'esm',
        target: 'node20',
        supported: { 'import-attributes': true },
        charset: 'utf8',
        sourcemap: 'external',
        sourcesContent: false,
        sourcefile: this.#cellName,
        logLevel: 'silent',
        tsconfigRaw: { compilerOptions: esbuildOptions(this.#options) },
      });
      return { code, map: JSON.parse(map) as SourceMapJson };
    } catch (error) {
      const { errors } = error as Partial<TransformFailure>;
      if (!errors || errors.length === 0) throw error;
      if (trouble && errors[0]?.text.startsWith('Syntax error')) throw this.#problemAt(trouble.message, trouble.offset);
      throw this.#syntaxProblem(errors.map((message) => this.#problemOf(message, module)));
    }
  }

  #rewrite(
    code: string,
    codeLines: LineTable,
    segments: readonly Segment[],
    names: CellNames,
    runtime: string,
    module: EditedText,
  ): RewrittenCode {
    const merging = mergingNames(this.#source);
    const renamed = new Map<number, string>();
    for (const { name, line, column } of segments) {
      if (name && !merging.has(name)) renamed.set(codeLines.offset(line, column), name);
    }
    try {
      return rewrite({ code, names, known: this.#known, runtime, merging, renamed });
    } catch (error) {
      if (!(error instanceof ParseTrouble)) throw error;
      const { line, column } = codeLines.position(error.offset);
      const segment = segments.findLast((each) => each.line < line || (each.line === line && each.column <= column));
      const moduleLines = new LineTable(module.text);
      const offset = segment ? moduleLines.offset(segment.sourceLine, segment.sourceColumn) : 0;
      throw this.#problemAt(error.message, module.originOf(offset));
    }
  }

  #compose(
    segments: readonly Segment[],
    codeLines: LineTable,
    module: EditedText,
    { text, moved }: RewrittenCode,
  ): SourceMapJson {
    const scriptLines = new LineTable(text.text);
    const moduleLines = new LineTable(module.text);
    const composed: Segment[] = [];
    const origins = new Map<number, Segment>();
    for (const segment of segments) {
      const offset = codeLines.offset(segment.line, segment.column);
      const origin = this.#lines.position(
        module.originOf(moduleLines.offset(segment.sourceLine, segment.sourceColumn)),
      );
      const place = scriptLines.position(text.placeOf(offset));
      const whole = { ...place, sourceLine: origin.line, sourceColumn: origin.column };
      origins.set(offset, whole);
      composed.push(whole);
    }
    const first: Segment[] = moved.flatMap(({ to, from }) => {
      const origin = origins.get(from);
      return origin ? [{ ...origin, ...scriptLines.position(to) }] : [];
    });
    return writeMap([...first, ...composed], this.#cellName, this.#source);
  }

  /** V8 knows faults that parsers before it do not look for, such as those in regular expressions. */
  #tryOut(code: string, map: SourceMapJson): void {
    try {
      new Script(code, { filename: this.#cellName });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const [where = '', , carets = ''] = (error.stack ?? '').split('\n');
      const line = Number(where.match(/:(\d+)$/)?.[1] ?? 1) - 1;
      const column = Math.max(0, carets.indexOf('^'));
      const segment = readMap(map).findLast(
        (each) => each.line < line || (each.line === line && each.column <= column),
      );
      const start = { line: segment?.sourceLine ?? 0, column: segment?.sourceColumn ?? 0 };
      throw this.#syntaxProblem([{ message: error.message, start }]);
    }
  }

  #problemOf(message: Message, module: EditedText): Problem {
    const { location, text } = message;
    if (!location) return { message: text, start: { line: 0, column: 0 } };
    const moduleLines = new LineTable(module.text);
    // esbuild counts columns in bytes.
    const bytes = Buffer.from(location.lineText);
    const units = (count: number) => bytes.subarray(0, count).toString().length;
    const at = moduleLines.offset(location.line - 1, units(location.column));
    const end = moduleLines.offset(location.line - 1, units(location.column + location.length));
    return {
      message: text,
      start: this.#lines.position(module.originOf(at)),
      end: this.#lines.position(module.originOf(end)),
    };
  }

  #problemAt(message: string, offset: number): CellProblem {
    return this.#syntaxProblem([{ message, start: this.#lines.position(offset) }]);
  }

  #syntaxProblem(problems: readonly Problem[]): CellProblem {
    return cellProblem('SyntaxError', this.#source, this.#cellName, problems);
  }
}
