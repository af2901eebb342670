// Data frames of danfojs: in and out without loss, and what danfojs 1.2.0 gets right and wrong about missing values.

import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { DataFrame } from 'danfojs-node';
import { beforeAll, describe, expect, test } from 'vitest';
import * as tf from '../../../src/engine/tf.js';
import { packagePath } from '../../../src/hub/package-root.js';
import { loadTable } from '../../../src/tabular/load-table.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { type Danfo, fromDanfo, loadDanfo, toDanfo } from '../../../src/tabular/table/danfo.js';
import { groupBy } from '../../../src/tabular/table/group.js';
import { tableFrom } from '../../../src/tabular/table/records.js';
import { Table } from '../../../src/tabular/table/table.js';

let danfo: Danfo;
beforeAll(async () => {
  danfo = await loadDanfo();
});

const { NaN: none } = Number;
const frameOf = (columns: object): DataFrame => new danfo.DataFrame(columns);

describe('in and out', () => {
  test('numbers, texts, booleans and dates keep their values and gaps', async () => {
    const table = new Table([
      numeric('1', [null, 0.1, 123_456_789.123]),
      categorical('plan', [null, 'plus', 'basic']),
      categorical('open', [undefined, 'true', 'true'], ['false', 'true']),
      date('joined', [null, new Date('2026-01-31'), new Date(1)]),
      categorical('empty', [null, null, null]),
    ]);
    const frame = await toDanfo(table);
    expect(frame.dtypes).toEqual(['float32', 'string', 'boolean', 'datetime', 'string']);
    expect(frame.values[1]).toEqual([0.1, 'plus', true, new Date('2026-01-31'), none]);
    expect(frame.isNa().values[0]).toEqual([true, true, true, true, true]);
    expect(fromDanfo(frame)).toEqual(table);
  });

  test('penguins come back the same', async () => {
    const penguins = await loadTable('penguins');
    expect(fromDanfo(await toDanfo(penguins))).toEqual(penguins);
  });

  test('frames that danfojs makes become tables', () => {
    const frame = frameOf({ n: [1, 2], c: ['b', 'a'], b: [true, false] });
    expect(fromDanfo(frame).records()).toEqual([
      { n: 1, c: 'b', b: 'true' },
      { n: 2, c: 'a', b: 'false' },
    ]);
  });

  test('what cannot be is said', async () => {
    await expect(toDanfo(new Table([numeric('x', [])]))).rejects.toThrow('the table has no rows');
    await expect(toDanfo(new Table([numeric('columns', [1])]))).rejects.toThrow("a column named 'columns'");
    expect(() => fromDanfo(frameOf({ x: ['a', 2] }))).toThrow("'x' holds string and number values");
  });

  test('loading it prints nothing and leaves the backend as it is', () => {
    const [url, engine] = [
      ['src', 'tabular', 'table', 'danfo.js'],
      ['src', 'engine', 'tf.js'],
    ].map((path) => pathToFileURL(packagePath('dist', ...path)).href);
    const program = `
      const tf = await import(${JSON.stringify(engine)});
      const before = tf.getBackend();
      const { loadDanfo } = await import(${JSON.stringify(url)});
      const { DataFrame, StandardScaler } = await loadDanfo();
      new StandardScaler().fitTransform(new DataFrame({ x: [1, 2, 3] }));
      console.log(before === tf.getBackend());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' });
    expect(danfo.tensorflow.getBackend()).toBe(tf.getBackend());
  }, 60_000);
});

// What is right, beside what is not. When a test below fails, danfojs has changed: see the header of danfo.ts.

describe('right: a column with a missing value', () => {
  test('isNa and dropNa', () => {
    const frame = frameOf({ x: [1, none, 3], c: ['a', 'b', none] });
    expect(frame.isNa().values).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(frame.dropNa({ axis: 1 }).values).toEqual([[1, 'a']]);
  });

  test('its figures leave it out', () => {
    const x = frameOf({ x: [1, none, 3, 5] }).column('x');
    expect([x.mean(), x.median(), x.std(), x.var(), x.min(), x.max(), x.sum(), x.count()]).toEqual([
      3, 3, 2, 4, 1, 5, 9, 3,
    ]);
  });

  test('fillNa of the frame and of named columns', () => {
    const frame = () => frameOf({ x: [1, none], y: [none, 3] });
    expect(frame().fillNa(0).values).toEqual([
      [1, 0],
      [0, 3],
    ]);
    expect(frame().fillNa([7], { columns: ['x'] }).values).toEqual([
      [1, none],
      [7, 3],
    ]);
  });
});

describe('wrong in 1.2.0, with what is right in a table', () => {
  const gaps = { g: ['a', 'a', 'b', 'b'], x: [1, none, 3, 5] };

  test('groups with a missing value', () => {
    const group = () => frameOf(gaps).groupby(['g']).col(['x']);
    expect(group().mean().column('x_mean').values).toEqual([none, 4]);
    expect(group().sum().column('x_sum').values).toEqual([none, 8]);
    expect(group().min().column('x_min').values).toEqual([none, 3]);
    expect(group().std().column('x_std').values).toEqual([none, Math.SQRT2]);
    expect(group().count().column('x_count').values).toEqual([2, 2]);
    const withNull = frameOf({ ...gaps, x: [1, null, 3, 5] });
    expect(withNull.groupby(['g']).col(['x']).mean().column('x_mean').values).toEqual([0.5, 4]);

    const figures = ['mean', 'sum', 'min', 'std', 'count'] as const;
    const table = new Table([categorical('g', gaps.g), numeric('x', gaps.x)]);
    expect(groupBy(table, 'g', { x: figures }).records()).toEqual([
      { g: 'a', x_mean: 1, x_sum: 1, x_min: 1, x_std: undefined, x_count: 1 },
      { g: 'b', x_mean: 4, x_sum: 8, x_min: 3, x_std: Math.SQRT2, x_count: 2 },
    ]);
  });

  test('groups of two keys', () => {
    const records = [
      { g: 'a-b', h: 'c', x: 1 },
      { g: 'a', h: 'b-c', x: 2 },
    ];
    expect(new danfo.DataFrame(records).groupby(['g', 'h']).col(['x']).mean().values).toEqual([['a-b', 'c', 1.5]]);
    expect(groupBy(tableFrom(records), ['g', 'h'], { x: 'mean' }).records()).toEqual([
      { g: 'a', h: 'b-c', x_mean: 2 },
      { g: 'a-b', h: 'c', x_mean: 1 },
    ]);
  });

  test('fillNa of named columns changes the rows of the frame, and not its columns', () => {
    const frame = frameOf({ x: [1, none], y: [2, 3] });
    frame.fillNa([7], { columns: ['x'] });
    expect(frame.values).toEqual([
      [1, 2],
      [7, 3],
    ]);
    expect(frame.column('x').values).toEqual([1, none]);
  });

  test('sorting', () => {
    const sorted = (x: number[]) => frameOf({ x, y: x }).sortValues('x').column('x').values;
    expect(sorted([10, 9, -1, 100])).toEqual([-1, 9, 10, 100]); // right
    expect(sorted([3, none, 1, 2])).toEqual([3, none, 1, 2]);
  });

  test('getDummies', () => {
    const dummies = (c: unknown[]) => danfo.getDummies(frameOf({ c }), { columns: ['c'] }).columns;
    expect(dummies(['a', 'b', 'a'])).toEqual(['c_a', 'c_b']); // right
    expect(dummies(['a', none, 'b'])).toEqual(['c_a', 'c_NaN', 'c_b']);
  });

  test('scalers', () => {
    const frame = frameOf({ x: [1, none, 3], y: [1, 2, 3] });
    for (const scaler of [new danfo.StandardScaler(), new danfo.MinMaxScaler()]) {
      const scaled = scaler.fitTransform(frame) as DataFrame;
      expect(scaled.column('x').values).toEqual([none, none, none]);
      expect(scaled.column('y').values[1]).toBeCloseTo(scaler instanceof danfo.MinMaxScaler ? 0.5 : 0, 6); // right
    }
  });

  test('nUnique, valueCounts and cumSum', () => {
    const series = new danfo.Series([1, none, 3]);
    expect(series.nUnique()).toBe(3);
    expect(series.valueCounts().values).toEqual([1, 1, 1]);
    expect(series.cumSum().values).toEqual([1, none, none]);
  });

  test('CSV', () => {
    expect(danfo.toCSV(frameOf({ c: ['a,b'], x: [1] }))).toBe('c,x\na,b,1\n');
  });

  test('a column that begins with undefined', () => {
    expect(() => frameOf({ c: [undefined, 'a'], x: [1, 2] }).column('c')).toThrow('File format not supported!');
  });
});
