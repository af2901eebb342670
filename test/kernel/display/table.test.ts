// Arrays of records, Maps and danfo's frames as tables: cut, counted, numbers to the right, and nothing in them taken for HTML.

import { DataFrame, Series } from 'danfojs-node';
import { afterEach, describe, expect, test } from 'vitest';
import { displayOptions } from '../../../src/kernel/display/options.js';
import { formsOf, plain } from './forms.js';
import { all, gridOf, parseHtml, textOf } from './html.js';

const people = [
  { name: 'Ada', born: 1815, score: 0.1 + 0.2 },
  { name: 'Grace', born: 1906, score: 12 },
];
const htmlOf = async (value: unknown) => String((await formsOf(value))['text/html']);

describe('arrays of records', () => {
  test('become a table in HTML and one in text', async () => {
    const forms = await formsOf(people);
    expect(Object.keys(forms)).toEqual(['text/html', 'text/plain']);
    expect(gridOf(String(forms['text/html']))).toEqual([
      ['', 'name', 'born', 'score'],
      ['0', 'Ada', '1815', '0.3'],
      ['1', 'Grace', '1906', '12'],
    ]);
    expect(forms['text/plain']).toBe(
      ['   name   born  score', '0  Ada    1815    0.3', '1  Grace  1906     12', '2 rows x 3 columns'].join('\n'),
    );
  });

  test('numbers stand to the right, words to the left', async () => {
    const cells = all(parseHtml(await htmlOf(people)), 'td').slice(0, 3);
    expect(cells.map(({ attributes }) => attributes.style)).toEqual([
      'text-align: left',
      'text-align: right',
      'text-align: right',
    ]);
  });

  test('a long and wide one shows its ends, and how much there is', async () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`c${at}`, at]));
    const forms = await formsOf(Array.from({ length: 1000 }, (_, id) => ({ ...wide, c0: id })));
    const grid = gridOf(String(forms['text/html']));
    expect(grid).toHaveLength(1 + 21);
    expect(grid[0]).toHaveLength(1 + 21);
    expect(grid[0]?.slice(9, 13)).toEqual(['c8', 'c9', '…', 'c20']);
    expect(grid[11]?.every((cell) => cell === '…')).toBe(true);
    expect(grid.at(-1)?.slice(0, 2)).toEqual(['999', '999']);
    const said = 'columns (displayOptions({ maxRows: 1000, maxColumns: 30 }) shows all)';
    expect(textOf(all(parseHtml(String(forms['text/html'])), 'p')[0] ?? '')).toBe(`1,000 rows × 30 ${said}`);
    expect(forms['text/plain']).toMatch(/1,000 rows x 30 columns/);
  });

  describe('under other settings', () => {
    const before = displayOptions();
    afterEach(() => {
      displayOptions(before);
    });
    test('as many rows as asked for', async () => {
      const rows = Array.from({ length: 100 }, (_, id) => ({ id }));
      displayOptions({ maxRows: 100 });
      expect(gridOf(await htmlOf(rows))).toHaveLength(101);
      displayOptions({ maxRows: 3 });
      expect(gridOf(await htmlOf(rows)).map(([name]) => name)).toEqual(['', '0', '1', '…', '99']);
    });
  });

  test('what is missing is empty, null is null, other values are text on a line', async () => {
    const grid = gridOf(
      await htmlOf([
        { a: 1, b: 'x', c: new Date(0) },
        { a: null, b: undefined, d: { deep: [1, 2] }, c: true },
      ]),
    );
    expect(grid).toEqual([
      ['', 'a', 'b', 'c', 'd'],
      ['0', '1', 'x', '1970-01-01T00:00:00.000Z', ''],
      ['1', 'null', '', 'true', '{ deep: [ 1, 2 ] }'],
    ]);
  });

  test('numbers keep what they say', async () => {
    const values = [1234567, 1234567.891, 0.000012345678, 1e21, -0, Number.NaN, Number.POSITIVE_INFINITY, 12n];
    const grid = gridOf(await htmlOf(values.map((value) => ({ value }))));
    expect(grid.slice(1).map(([, value]) => value)).toEqual([
      '1234567',
      '1234567.89',
      '0.0000123457',
      '1e+21',
      '-0',
      'NaN',
      'Infinity',
      '12',
    ]);
  });

  test('what is no table stays text', async () => {
    for (const value of [
      [{ a: 1 }, 2],
      [{ x: [1], layout: {} }, { y: [2] }],
      [{ a: 1 }, { b: 1 }, { c: 1 }],
      [{}, {}],
      [null, { a: 1 }],
      [new Date(0)],
      [
        [1, 2],
        [3, 4],
      ],
      [
        new (class A {
          x = 1;
        })(),
      ],
    ])
      expect(Object.keys(await formsOf(value))).toEqual(['text/plain']);
  });
});

describe('nothing in a table is taken for HTML', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</td></table><h1>out</h1>',
    '&lt;b&gt; &amp; &copy;',
    '<!-- comment',
    'null \u0000 escape \u001b[31m half \ud800',
    'javascript:alert(1)',
  ];
  test.each(attacks)('%j', async (attack) => {
    const seen = attack.replaceAll('\u0000', '\ufffd').replaceAll('\u001b', '\ufffd');
    for (const value of [
      [{ [attack]: attack, n: 1 }],
      new Map([[attack, { [attack]: attack, n: 1 }]]),
      new DataFrame([[attack, 1]], { columns: [attack, 'n'], index: [attack] }),
      new Series([attack], { columns: [attack] }),
      [{ n: 1, o: { [attack]: attack } }],
    ]) {
      const html = await htmlOf(value);
      const tags = new Set(all(parseHtml(html), 'div').flatMap((top) => everyTag(top)));
      expect([...tags].sort()).toEqual(['div', 'p', 'table', 'tbody', 'td', 'th', 'thead', 'tr']);
      expect(html).not.toMatch(/<(script|img|h1|!--)/);
      if (!(Array.isArray(value) && 'o' in (value[0] as object))) {
        expect(gridOf(html)[1]).toContain(seen);
        expect(gridOf(html)[0]).toContain(seen);
      }
    }
  });

  function everyTag(element: ReturnType<typeof parseHtml>): string[] {
    return [element.tag, ...element.children.flatMap((each) => (typeof each === 'string' ? [] : everyTag(each)))];
  }

  test('nor does it break the lines of the text', async () => {
    expect((await plain([{ a: 'two\nlines\tand \u001b[31mred', b: 1 }])).split('\n')).toHaveLength(3);
  });

  test('a giant cell is cut', async () => {
    expect((await htmlOf([{ a: 'x'.repeat(1e6) }])).length).toBeLessThan(1000);
  });
});

describe('Maps', () => {
  test('of records are tables named by their keys', async () => {
    const forms = await formsOf(new Map(people.map((each) => [each.name, { born: each.born }])));
    expect(gridOf(String(forms['text/html']))).toEqual([
      ['', 'born'],
      ['Ada', '1815'],
      ['Grace', '1906'],
    ]);
  });

  test('of tensors list their types and shapes', async () => {
    const weights = new Map([
      ['embed.weight', { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) }],
      ['norm.bias', { dtype: 'float32', shape: [3], data: new Float32Array(3) }],
    ]);
    expect(await plain(weights)).toBe(
      [
        '              type     shape',
        'embed.weight  float32  [2, 3]',
        'norm.bias     float32  [3]',
        '2 rows x 2 columns',
      ].join('\n'),
    );
  });
});

describe('danfo', () => {
  test('a data frame, its index and its missing values', async () => {
    const frame = new DataFrame({ city: ['Ulm', 'Bonn'], people: [126_000, null] }, { index: ['a', 'b'] });
    expect(gridOf(await htmlOf(frame))).toEqual([
      ['', 'city', 'people'],
      ['a', 'Ulm', '126000'],
      ['b', 'Bonn', 'null'],
    ]);
  });

  test('one that keeps its data by columns', async () => {
    const frame = new DataFrame({ a: [1, 2], b: ['x', 'y'] }, { config: { lowMemoryMode: true } });
    expect(gridOf(await htmlOf(frame))).toEqual([
      ['', 'a', 'b'],
      ['0', '1', 'x'],
      ['1', '2', 'y'],
    ]);
  });

  test('a series, and a piece of a frame', async () => {
    const frame = new DataFrame(people);
    expect(gridOf(await htmlOf(frame.column('born')))[1]).toEqual(['0', '1815']);
    expect(gridOf(await htmlOf(frame.loc({ rows: [1], columns: ['name'] })))).toEqual([
      ['', 'name'],
      ['1', 'Grace'],
    ]);
    expect(await plain(frame)).toContain('2 rows x 3 columns');
  });

  test('a large one is not copied', async () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => [id, id / 3]);
    const frame = new DataFrame(rows, { columns: ['id', 'third'] });
    const start = performance.now();
    expect(await plain(frame)).toContain('100,000 rows x 2 columns');
    expect(performance.now() - start).toBeLessThan(50);
  });
});
