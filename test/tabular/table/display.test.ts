// What a table prints, and what a notebook shows of it.

import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { jupyterDisplay } from '../../../src/jupyter-display.js';
import { show } from '../../../src/plots/show.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';

const people = new Table([
  categorical('name', ['Ada', '<b>Bo</b> & "Co"', '林', null]),
  numeric('height_m', [1.7, 1.83, null, 1.655]),
  numeric('income', [3_080_493, null, 12, -7]),
  date('joined', [new Date('2026-01-31'), null, new Date('2026-02-01'), new Date('2026-02-02')]),
]);

test('a table prints itself aligned, with kinds and missing values', () => {
  expect(inspect(people)).toBe(
    [
      'name              height_m   income  joined',
      'categorical        numeric  numeric  date',
      'Ada                  1.700  3080493  2026-01-31',
      '<b>Bo</b> & "Co"     1.830        –  –',
      '林                       –       12  2026-02-01',
      '–                    1.655       -7  2026-02-02',
      '4 rows x 4 columns.',
    ].join('\n'),
  );
});

test('long tables show their first rows, wide ones stand in blocks', () => {
  const long = new Table([
    numeric(
      'n',
      Array.from({ length: 1234 }, (_, row) => row),
    ),
  ]);
  expect(inspect(long).split('\n')).toHaveLength(13);
  expect(inspect(long)).toMatch(/1,234 rows x 1 column; the first 10 are shown\.$/);
  const wide = new Table(Array.from({ length: 30 }, (_, i) => numeric(`measurement ${i}`, [i])));
  const text = inspect(wide);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  for (const name of wide.names) expect(text).toContain(name);
});

test('a notebook gets HTML, with everything escaped, and the text', () => {
  const shown = people[jupyterDisplay]();
  expect(shown['text/plain']).toBe(inspect(people));
  const html = shown['text/html'];
  expect(html).toContain('&#60;b&#62;Bo&#60;/b&#62; &#38; &#34;Co&#34;');
  expect(html).not.toContain('<b>');
  expect(html.match(/title="missing"/g)).toHaveLength(4);
  expect(html).toContain('numeric</span>');
  expect(html).toContain('4 rows x 4 columns.');
});

test('as part of something, a table is its size', () => {
  expect(inspect({ train: people })).toBe('{ train: [Table: 4 rows x 4 columns] }');
});

test('numbers keep what tells them apart; times show where there are any; an empty table says so', () => {
  const odd = new Table([
    numeric('x', [1e-9, 123_456.789, Number.POSITIVE_INFINITY, 1e20]),
    date('at', [new Date('2026-01-31T12:30:05Z'), 0, 9e15, null]),
  ]);
  const text = inspect(odd);
  expect(text).toContain('1e-9');
  expect(text).toContain('123456.8');
  expect(text).toContain('100000000000000000000');
  expect(text).toContain('2026-01-31 12:30:05');
  expect(text).toContain('beyond the calendar');
  expect(inspect(new Table([]))).toBe('0 rows x 0 columns.');
});

test('show takes a table', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  show(people);
  expect(write).toHaveBeenCalledWith(`${inspect(people)}\n`);
  write.mockRestore();
});
