import { expect, test } from 'vitest';
import { displayWidth, renderProblems } from '../../../src/kernel/language/code-frame.js';

const at = (line: number, column: number) => ({ line, column });
const frame = (source: string, ...problems: Parameters<typeof renderProblems>[2]) =>
  renderProblems(source, 'cell 3', problems, { colour: false });

test('a problem with two lines around it', () => {
  const source = 'const a = 1;\nconst b = 2;\nconst c: number = "x";\n\nconst e = 5;\nconst f = 6;';
  expect(
    frame(source, {
      message: "Type 'string' is not assignable to type 'number'.",
      code: 'TS2322',
      start: at(2, 6),
      end: at(2, 7),
    }),
  ).toBe(
    `Cell 3, line 3, column 7: Type 'string' is not assignable to type 'number'. (TS2322)

  1 | const a = 1;
  2 | const b = 2;
> 3 | const c: number = "x";
    |       ^
  4 |
  5 | const e = 5;`,
  );
});

test('a range is underlined, to the end of its line where it goes on', () => {
  expect(frame('foo(bar)', { message: 'no', start: at(0, 4), end: at(0, 7) })).toContain('\n    |     ^^^\n'.trimEnd());
  expect(frame('foo(\n  bar)', { message: 'no', start: at(0, 0), end: at(1, 6) })).toContain('\n    | ^^^^\n');
});

test('line numbers of different lengths', () => {
  const source = Array.from({ length: 12 }, (_, line) => `line${line + 1}`).join('\n');
  expect(frame(source, { message: 'no', start: at(8, 0), end: at(8, 5) })).toBe(
    `Cell 3, line 9, column 1: no

   7 | line7
   8 | line8
>  9 | line9
     | ^^^^^
  10 | line10
  11 | line11`,
  );
});

test('tabs and wide letters keep the mark in its place', () => {
  expect(frame('\tx = y', { message: 'no', start: at(0, 5), end: at(0, 6) })).toContain('> 1 |   x = y\n    |       ^');
  expect(frame("const 名前 = '日本', x = 1", { message: 'no', start: at(0, 17), end: at(0, 18) })).toContain(
    `\n    | ${' '.repeat(21)}^`,
  );
  expect(frame("'😀é' + x", { message: 'no', start: at(0, 8), end: at(0, 9) })).toContain(`\n    | ${' '.repeat(8)}^`);
  expect([
    displayWidth('a'),
    displayWidth('日'),
    displayWidth('😀'),
    displayWidth('e\u0301'),
    displayWidth('\t'),
  ]).toEqual([1, 2, 2, 1, 2]);
});

test('a long line is cut around the place', () => {
  const text = frame(`const long = '${'x'.repeat(300)}', wrong = 1, more = '${'y'.repeat(300)}'`, {
    message: 'no',
    start: at(0, 317),
    end: at(0, 322),
  });
  const [, , line = '', mark = ''] = text.split('\n');
  expect(line.length).toBeLessThan(130);
  expect(line).toMatch(/…x+', wrong = 1, more = 'y+…$/);
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('wrong');
  const far = frame('a'.repeat(5000), { message: 'no', start: at(0, 4999), end: at(0, 5000) });
  expect(far.split('\n').every((row) => row.length < 130)).toBe(true);
});

test('the end of the text, an empty text, places outside it', () => {
  expect(frame('foo(', { message: 'no', start: at(0, 4) })).toContain('> 1 | foo(\n    |     ^');
  expect(frame('', { message: 'no', start: at(0, 0) })).toContain('> 1 |\n    | ^');
  expect(frame('a', { message: 'no', start: at(7, 9), end: at(8, 1) })).toContain('> 1 | a');
});

test('problems come in the order of the text, ten at most', () => {
  const source = Array.from({ length: 13 }, (_, line) => `x${line}`).join('\n');
  const problems = Array.from({ length: 13 }, (_, line) => ({ message: `problem ${line}`, start: at(12 - line, 0) }));
  const text = frame(source, ...problems);
  expect(text.indexOf('problem 12')).toBeLessThan(text.indexOf('problem 11'));
  expect(text.match(/problem/g)).toHaveLength(10);
  expect(text.endsWith('... and 3 more')).toBe(true);
});

test('messages of several lines stay together', () => {
  expect(
    frame('a', { message: "Type 'A' is wrong.\n  Property 'b' is missing.", code: 'TS1', start: at(0, 0) }),
  ).toMatch(/^Cell 3, line 1, column 1: Type 'A' is wrong\.\n {2}Property 'b' is missing\. \(TS1\)\n\n> 1 \| a/);
});

test('colours, unless NO_COLOR is set', () => {
  const problem = { message: 'no', start: at(0, 0) };
  const before = process.env.NO_COLOR;
  delete process.env.NO_COLOR;
  expect(renderProblems('a', 'cell 1', [problem])).toContain('\x1b[31m');
  process.env.NO_COLOR = '1';
  expect(renderProblems('a', 'cell 1', [problem])).not.toContain('\x1b[');
  if (before === undefined) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = before;
});
