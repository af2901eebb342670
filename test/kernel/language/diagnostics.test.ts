// How type errors read: places in the cell, words that know of cells and not of our files.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CheckedNotebook } from './checked-notebook.js';

let notebook: CheckedNotebook;
beforeAll(async () => {
  process.env.NO_COLOR = '1';
  notebook = await new CheckedNotebook({ 'helper.ts': 'export function twice(n: number) { return n * 2; }' }).open();
});
afterAll(() => {
  delete process.env.NO_COLOR;
  notebook.close();
});
beforeEach(() => notebook.restart());

async function told(source: string): Promise<string> {
  return (await notebook.problem(source)).content.traceback.join('\n');
}

describe('a type error', () => {
  it('names the cell, line, column and code, and marks the place', async () => {
    const { content } = await notebook.problem("const a = 1;\nconst b: number = 'two';\n");
    expect(content.ename).toBe('TypeScriptError');
    expect(content.evalue).toBe("TS2322: Type 'string' is not assignable to type 'number'. (line 2)");
    expect(content.traceback.join('\n')).toBe(
      [
        "Cell 1, line 2, column 7: Type 'string' is not assignable to type 'number'. (TS2322)",
        '',
        '  1 | const a = 1;',
        "> 2 | const b: number = 'two';",
        '    |       ^',
        '  3 |',
      ].join('\n'),
    );
  });

  it('counts columns in the text as it was typed', async () => {
    expect(await told('const s = "🙂e\u0301";\r\nconst t: number = s;')).toContain('Cell 1, line 2, column 7');
    expect(await told('"🙂"; nowhere')).toContain('Cell 2, line 1, column 7');
  });

  it('is told with all others of the cell, up to ten', async () => {
    expect(await notebook.error('const a: number = "";\nconst b: number = "";')).toMatch(
      / \(line 1\) and 1 more error$/,
    );
    const many = await told(Array.from({ length: 14 }, (_, i) => `const c${i}: number = "";`).join('\n'));
    expect(many.match(/^Cell 2, line/gm)).toHaveLength(10);
    expect(many).toMatch(/\.\.\. and 4 more$/);
  });

  it('shows further places that matter', async () => {
    await notebook.run("interface Options {\n  size: number }\nimport { twice } from './helper.ts';");
    expect(await told('const o: Options = {};')).toContain("Cell 1, line 2, column 3: 'size' is declared here.");
    expect(await told('twice()')).toContain("An argument for 'n' was not provided. (helper.ts:1)");
    expect(await told('function f() {\n  return {;\n}')).toContain('Cell 4, line');
  });

  it('speaks of cells where the checker speaks of files', async () => {
    await notebook.run('class Model { #private = 1; weights = [1]; }\nconst model = new Model();');
    await notebook.run('class Model { #private = 1; weights = [1]; }');
    const text = await told('const m: Model = model;');
    expect(text).toMatch(/Type 'Model' is not assignable|Type '.*Model' is not assignable to type/);
    expect(text).not.toMatch(/__cell|\$Model|import\(/);
    expect(await told("import nothing from './nothing.js';")).toContain(
      "Cannot find module './nothing.js' or its corresponding type declarations. (TS2307)",
    );
  });

  it('at the end of what is left open is shown there', async () => {
    expect(await told('function f() {\n  1;')).toContain("Cell 1, line 2, column 5: '}' expected.");
  });

  it('that only warns, or is about another cell, keeps no cell from running', async () => {
    await notebook.run('function never(): string { throw 1; return "x"; }\nconst unused = 1;');
    await notebook.run('// @ts-nocheck\nconst wrong: number = "text";');
    await notebook.run('wrong + 1;');
  });
});
