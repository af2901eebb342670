// Cells that cannot run: a SyntaxError that says what, where, and shows the line.

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createCompiler } from '../../../src/kernel/language/compile.js';
import { CellProblem } from '../../../src/kernel/language/language.js';

async function problem(source: string, jsx?: string): Promise<CellProblem> {
  const compile = createCompiler({ options: () => (jsx ? { jsx } : {}) });
  const error = await compile(source, 'cell 3', new Set()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CellProblem)) throw new Error(`no CellProblem but ${String(error)}`);
  return error;
}

const faults: readonly (readonly [source: string, message: RegExp, place: string])[] = [
  ['const = 3', /Expected identifier but found "="/, '1, column 7'],
  ['for for', /Expected "\(" but found "for"/, '1, column 5'],
  ['let 1a = 2', /Identifier directly after number/, '1, column 6'],
  ['const ok = 1;\n  }', /Unexpected "}"/, '2, column 3'],
  ['const s = "ééé" +;', /Unexpected ";"/, '1, column 18'],
  ['const a = 1;\nlet a = 2', /"a" has already been declared/, '2, column 5'],
  ['function f() {\n  const x = 1', /Unexpected end of file/, '2, column 14'],
  ['const x = `abc', /Unterminated template/, '1, column 12'],
  ['/* open', /Unterminated comment/, '1, column 1'],
  ['"abc', /Unterminated string/, '1, column 1'],
  ['return 5', /Top-level return cannot be used/, '1, column 1'],
  ['break', /Cannot use "break" here/, '1, column 1'],
  ['with (a) {}', /With statements cannot be used/, '1, column 1'],
  ['const f = () => {\n  await 1;\n}', /"await" can only be used inside an "async" function/, '2, column 3'],
  ['const a', /must be initialized/, '1, column 7'],
  ['const ok = 1;\nconst r = /(/', /Invalid regular expression/, '2, column 11'],
  ['class A { constructor() {} constructor() {} }', /more than one constructor|duplicate/i, '1, column 28'],
  ['import { a } from "x";\nimport { a } from "y"', /'a' has already been declared/, '2, column 10'],
];

test.each(faults)('%j', async (source, message, place) => {
  const { content } = await problem(source);
  expect(content.ename).toBe('SyntaxError');
  expect(content.evalue).toMatch(message);
  expect(content.evalue).toContain(`Cell 3, line ${place}`);
  expect(content.traceback).toHaveLength(1);
  expect(content.traceback[0]).toContain('^');
});

describe('its text', () => {
  test('shows the lines around and marks the place', async () => {
    const { content } = await problem('const a = 1;\nconst b: string = a +;\nconst c = 2;');
    expect(stripVTControlCharacters(content.traceback[0] ?? '')).toBe(
      [
        'Cell 3, line 2, column 22: Unexpected ";"',
        '',
        '  1 | const a = 1;',
        '> 2 | const b: string = a +;',
        '    |                      ^',
        '  3 | const c = 2;',
      ].join('\n'),
    );
  });
});

test('JSX without a tsconfig that allows it', async () => {
  expect((await problem('const a = <b>x</b>')).content.evalue).toMatch(/Expected ">"|Unexpected|Unterminated/);
  expect((await problem('const a = <b>x</c>', 'react')).content.evalue).toMatch(/closing "c" tag|does not match/i);
});
