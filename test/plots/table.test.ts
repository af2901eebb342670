import { expect, test } from 'vitest';
import { jupyterDisplay } from '../../src/plots/figure.js';
import { columnFormat, compact, duration, megabytes, percent } from '../../src/plots/numbers.js';
import { table } from '../../src/plots/table.js';
import { displayWidth, spread, textTable } from '../../src/plots/text-table.js';

test('records become aligned columns, numbers at the right', () => {
  const { text } = table(
    [
      { strategy: 'full', accuracy: 0.866, seconds: 61.2 },
      { strategy: 'LoRA', accuracy: 0.851, seconds: 48 },
      { strategy: 'freeze', accuracy: undefined },
    ],
    { caption: 'Strategies', format: { accuracy: percent } },
  );
  expect(text.split('\n')).toEqual([
    'Strategies',
    'strategy  accuracy  seconds',
    'full         86.6%     61.2',
    'LoRA         85.1%     48.0',
    'freeze           –        –',
  ]);
});

test('HTML is escaped, cells and headings and caption alike', () => {
  const { html } = table([{ '<i>': '<script>alert("x")</script>' }], { caption: 'a & b' });
  expect(html).not.toMatch(/<script|<i>/);
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  expect(html).toContain('a &amp; b');
});

test('rows beyond the most are counted, not shown', () => {
  const rows = Array.from({ length: 1200 }, (_, i) => ({ i }));
  const { text, html } = table(rows, { maxRows: 2 });
  expect(text).toBe('i\n0\n1\n2 of 1,200 rows shown.');
  expect(html.match(/<tr>/g)).toHaveLength(3);
  expect(table([]).text).toContain('No rows.');
});

test('columns are chosen, ordered and named', () => {
  const rows = [{ a: 1, b: 'x', c: true }];
  expect(table(rows, { columns: ['c', 'a'] }).text).toBe('c    a\nyes  1');
  expect(table(rows, { columns: { b: 'Letter' } }).text).toBe('Letter\nx');
  expect(() => table(rows, { columns: ['d'] })).toThrow('table: no row has a field "d". Fields: a, b, c.');
  expect(() => table([1] as never)).toThrow('table: row 0 is 1, not a record.');
});

test('a table shows itself as HTML and as text', () => {
  expect(Object.keys(table([{ a: 1 }])[jupyterDisplay]())).toEqual(['text/html', 'text/plain']);
});

test('columns line up with wide and combining characters', () => {
  expect(['日本語', 'café', 'cafe\u0301', '👍', 'العربية'].map(displayWidth)).toEqual([6, 4, 4, 2, 7]);
  expect(
    textTable(
      [{ title: 'label' }, { title: 'n', right: true }],
      [
        ['日本語', '1'],
        ['français', '12'],
      ],
    ),
  ).toBe('label      n\n日本語     1\nfrançais  12');
});

test('long lists are thinned evenly, ends kept', () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  expect(spread(items, 4)).toEqual([0, 33, 66, 99]);
  expect(spread([1, 2], 4)).toEqual([1, 2]);
});

test('numbers as people read them', () => {
  expect([22_713_216, 4_400_000, 950, 999_950, 125e6, 1.5e9, 1000].map(compact)).toEqual([
    '22.7M',
    '4.4M',
    '950',
    '1M',
    '125M',
    '1.5B',
    '1K',
  ]);
  expect([90_868_376, 500_000, 2.4e9].map(megabytes)).toEqual(['90.9 MB', '0.500 MB', '2,400 MB']);
  expect([0.31, 9.96, 95, 7300].map(duration)).toEqual(['0.3 s', '10 s', '1 min 35 s', '2 h 1 min']);
});

test.each([
  [
    [61.2, 48, 33.4],
    ['61.2', '48.0', '33.4'],
  ],
  [
    [1412.3, 801.9],
    ['1,412', '802'],
  ],
  [
    [0.93, 0.9, 0.8888888],
    ['0.9300', '0.9000', '0.8889'],
  ],
  [
    [1, 20000],
    ['1', '20,000'],
  ],
  [
    [5e-5, 1],
    ['5.00e-5', '1'],
  ],
  [
    [Number.NaN, 0.5],
    ['NaN', '0.5'],
  ],
  [[], []],
])('the column %j', (values, written) => {
  expect(values.map(columnFormat(values))).toEqual(written);
});
