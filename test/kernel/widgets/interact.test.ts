// interact: controls from abbreviations, a function that runs again at each change.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, expectTypeOf, test } from 'vitest';
import { displaySymbol } from '../../../src/kernel/bridge.js';
import {
  type AnyWidget,
  Checkbox,
  Dropdown,
  FloatSlider,
  IntSlider,
  interact,
  Text,
} from '../../../src/kernel/widgets/index.js';
import { memoryKernel } from './memory-bridge.js';

test('each abbreviation gives its control, and its type', async () => {
  memoryKernel();
  const w = new IntSlider({ value: 7 });
  const handle = interact(
    (values) => {
      expectTypeOf(values).toEqualTypeOf<{
        readonly n: number;
        readonly rate: number;
        readonly rate2: number;
        readonly whole: number;
        readonly kind: 'a' | 'b';
        readonly size: 10 | 20;
        readonly on: boolean;
        readonly text: string;
        readonly w: number;
      }>();
      return values;
    },
    {
      n: 5,
      rate: [0, 1],
      rate2: [0, 1, 0.1],
      whole: [0, 10],
      kind: ['a', 'b'],
      size: { small: 10, large: 20 },
      on: true,
      text: 'x',
      w,
    },
  );
  await handle.settled();
  const expected = { n: 5, rate: 0.5, rate2: 0.5, whole: 5, kind: 'a', size: 10, on: true, text: 'x', w: 7 };
  expect(handle.values).toEqual(expected);
  expect(handle.result).toEqual(expected);
  const { controls } = handle;
  expect(Object.values(controls).map((control) => control.constructor)).toEqual([
    IntSlider,
    FloatSlider,
    FloatSlider,
    IntSlider,
    Dropdown,
    Dropdown,
    Checkbox,
    Text,
    IntSlider,
  ]);
  expect(controls.n).toMatchObject({ min: -5, max: 15, description: 'n' });
  expect(controls.rate).toMatchObject({ min: 0, max: 1, step: 0.01 });
  expect(controls.rate2).toMatchObject({ step: 0.1 });
  expect(controls.w).toBe(w);
});

test('the function runs again at each change; what it prints and gives is seen', async () => {
  const client = memoryKernel();
  const { controls, output, settled, widget, ...handle } = interact(
    ({ n }) => {
      client.print(`n is ${n}\n`);
      return n * 2;
    },
    { n: [0, 10] },
  );
  await settled();
  await client.send((controls.n as unknown as AnyWidget).id, {
    method: 'update',
    state: { value: 8 },
    buffer_paths: [],
  });
  await settled();
  expect(output.outputs).toEqual([
    { output_type: 'stream', name: 'stdout', text: 'n is 8\n' },
    { output_type: 'display_data', data: { 'text/plain': '16' }, metadata: {} },
  ]);
  expect(widget.children).toEqual([controls.n, output]);
  expect(handle[displaySymbol]()).toEqual(widget[displaySymbol]());
});

test('two changes in one tick run it once', async () => {
  memoryKernel();
  const runs: unknown[] = [];
  const { controls, settled } = interact((values) => void runs.push(values), { a: 1, b: 2 });
  await settled();
  controls.a.value = 2;
  controls.b.value = 3;
  await settled();
  expect(runs).toEqual([
    { a: 1, b: 2 },
    { a: 2, b: 3 },
  ]);
});

test('while it runs, the newest value wins, and the run that is late is told', async () => {
  const client = memoryKernel();
  const log: string[] = [];
  const { controls, settled, output } = interact(
    async ({ n }, signal) => {
      log.push(`${n} begins`);
      await sleep(20);
      log.push(`${n} ends${signal.aborted ? ', late' : ''}`);
      client.print(`${n}`);
    },
    { n: [0, 10] },
  );
  await sleep(5);
  for (const value of [1, 2, 3]) controls.n.value = value;
  await settled();
  expect(log).toEqual(['5 begins', '5 ends, late', '3 begins', '3 ends']);
  expect(output.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: '3' }]);
});

test('an error is shown in the output, and the next value runs', async () => {
  const client = memoryKernel();
  const { controls, settled, output } = interact(
    async ({ n }) => {
      if (n > 5) throw new RangeError(`${n} is too much`);
      client.print('fine');
    },
    { n: [0, 10] },
  );
  await settled();
  controls.n.value = 9;
  await settled();
  expect(output.outputs).toMatchObject([{ output_type: 'error', ename: 'RangeError', evalue: '9 is too much' }]);
  controls.n.value = 2;
  await settled();
  expect(output.outputs).toMatchObject([{ text: 'fine' }]);
});

test('a run that shows nothing empties the output', async () => {
  const client = memoryKernel();
  const { controls, settled, output } = interact(({ on }) => void (on && client.print('on')), { on: true });
  await settled();
  controls.on.value = false;
  await settled();
  expect(output.outputs).toEqual([]);
});

test('close ends it, and leaves the widget that was given', async () => {
  memoryKernel();
  const mine = new IntSlider();
  let runs = 0;
  const { close, controls, settled } = interact(() => void runs++, { mine, other: 'x' });
  await settled();
  close();
  mine.value = 3;
  await settled();
  expect(runs).toBe(1);
  expect(mine.closed).toBe(false);
  expect((controls.other as unknown as AnyWidget).closed).toBe(true);
});

test.each([
  [[1, 2, 3], /step must be above 0 and at most 1/],
  [[5, 1], /minimum must be below the maximum/],
  [[1, 2, 3, 4], /neither \[min, max\] nor/],
  [[], /no control for x: \[\]/],
  [undefined, /no control for x: undefined/],
])('%j is refused', (given, words) => {
  memoryKernel();
  expect(() => interact(() => {}, { x: given as never })).toThrow(words);
});
