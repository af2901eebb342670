// Each control begins with the state that ipywidgets gives it, and refuses what does not fit.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import * as widgets from '../../../src/kernel/widgets/index.js';
import * as looks from '../../../src/kernel/widgets/looks.js';
import states from './ipywidgets-states.json' with { type: 'json' };
import { memoryKernel, tick } from './memory-bridge.js';

const classes = { ...looks, ...widgets } as unknown as Record<string, new (options?: object) => widgets.AnyWidget>;

const { version, ...controls } = states as unknown as { version: string } & Record<string, Record<string, unknown>>;

test.each(Object.entries(controls))(`%s begins as ipywidgets ${version} has it`, (name, theirs) => {
  const client = memoryKernel();
  const Class = classes[name];
  expect(Class, `no class ${name}`).toBeDefined();
  const widget = new (Class as NonNullable<typeof Class>)(name === 'SelectionSlider' ? { options: ['a'] } : undefined);
  const state = { ...client.state(widget.id) };
  for (const part of ['layout', 'style']) {
    if (part in state) state[part] = client.state(state[part].replace('IPY_MODEL_', ''))._model_name;
  }
  // Python's JSON has 0.0 where JavaScript's has 0; both read the same.
  expect(state).toEqual({ ...('_dom_classes' in state ? { _dom_classes: [] } : {}), ...theirs });
});

test('outside our kernel the error says what is needed', () => {
  expect(() => new widgets.IntSlider()).toThrow(/^IntSlider: widgets need the TypeScript kernel of model-types/);
});

test('a value out of bounds is refused, and a new bound moves the value', () => {
  memoryKernel();
  const slider = new widgets.IntSlider({ value: 5, max: 10 });
  expect(() => {
    slider.value = 12;
  }).toThrow(new RangeError('IntSlider: value 12 is above max 10'));
  expect(() => {
    slider.value = 2.5;
  }).toThrow('IntSlider: value 2.5 is not a whole number');
  expect(slider.value).toBe(5);
  slider.max = 4;
  expect(slider.value).toBe(4);
  slider.set({ min: 20, max: 30 });
  expect(slider.value).toBe(20);
  expect(() => slider.set({ min: 40 })).toThrow('IntSlider: min 40 is above max 30');
  expect(() => new widgets.FloatSlider({ value: -1 })).toThrow('FloatSlider: value -1 is below min 0');
  expect(new widgets.IntSlider({ min: 10, max: 20 }).value).toBe(10);
});

test('what a property cannot be is said', () => {
  memoryKernel();
  expect(() => new widgets.Text({ value: 3 as unknown as string })).toThrow('Text: value 3 is not a string');
  expect(() => new widgets.Checkbox({ value: null as unknown as boolean })).toThrow(
    'Checkbox: value null is neither true nor false',
  );
  expect(() => new widgets.IntProgress({ barStyle: 'loud' as 'info' })).toThrow(
    'IntProgress: barStyle "loud" is none of "", "success", "info", "warning", "danger"',
  );
  expect(() => new widgets.HBox([3 as unknown as widgets.AnyWidget])).toThrow(
    'HBox: children [3] is a list whose item 0 is not a widget',
  );
  expect(() => new widgets.IntSlider({ valu: 3 } as object)).toThrow(
    /^IntSlider has no property "valu". It has .*value/,
  );
});

test('layout and style are made with a control, shared where one is given, and closed with it', () => {
  const client = memoryKernel();
  const slider = new widgets.IntSlider({ layout: { width: '50%' }, style: { handleColor: 'red' } });
  expect(client.state(slider.layout.id).width).toBe('50%');
  expect(client.state(slider.style.id).handle_color).toBe('red');
  const other = new widgets.Text({ layout: slider.layout });
  expect(other.layout).toBe(slider.layout);
  other.close();
  expect(slider.layout.closed).toBe(false);
  slider.close();
  expect(slider.layout.closed).toBe(true);
});

test('a choice has a value of any kind, found by its label or place', async () => {
  const client = memoryKernel();
  const size = new widgets.Dropdown({ options: { small: 10, large: 1000 } });
  expect(client.state(size.id)).toMatchObject({ _options_labels: ['small', 'large'], index: 0 });
  expect([size.value, size.label, size.index]).toEqual([10, 'small', 0]);
  const changes: unknown[] = [];
  size.observe((change) => changes.push(change), 'value');
  size.value = 1000;
  await client.send(size.id, { method: 'update', state: { index: 0 }, buffer_paths: [] });
  expect(changes).toEqual([
    { name: 'value', old: 10, new: 1000 },
    { name: 'value', old: 1000, new: 10 },
  ]);
  expect(() => {
    size.value = 5 as 10;
  }).toThrow('Dropdown: value 5 is none of its options, 10, 1000');
  expect(() => new widgets.RadioButtons({ options: [], value: 'x' as never })).toThrow(
    'RadioButtons: value "x" is no option: there are none',
  );
  expect(new widgets.RadioButtons({ options: [['one', 1] as const, ['two', 2] as const], label: 'two' }).value).toBe(2);
});

test('options can change; what was chosen stays where it is still offered', async () => {
  const client = memoryKernel();
  const kind = new widgets.Dropdown<readonly string[]>({ options: ['a', 'b', 'c'], value: 'c' });
  kind.options = ['c', 'd'];
  expect([kind.value, kind.index]).toEqual(['c', 0]);
  kind.options = ['x', 'y'];
  expect(kind.value).toBe('x');
  await tick();
  expect(client.state(kind.id)).toMatchObject({ _options_labels: ['x', 'y'], index: 0 });
});

test('several can be chosen', async () => {
  const client = memoryKernel();
  const days = new widgets.SelectMultiple({ options: ['Mo', 'Tu', 'We'], value: ['Tu'] });
  expect(client.state(days.id).index).toEqual([1]);
  await client.send(days.id, { method: 'update', state: { index: [0, 2] }, buffer_paths: [] });
  expect(days.value).toEqual(['Mo', 'We']);
  expect(() => {
    days.value = ['Sa' as 'Mo'];
  }).toThrow('SelectMultiple: value "Sa" is none of its options, "Mo", "Tu", "We"');
});

test('a click calls the handlers, each of them, whoever throws', async () => {
  const client = memoryKernel();
  const button = new widgets.Button({ description: 'Run' });
  let clicks = 0;
  button.onClick(() => {
    throw new Error('first');
  });
  const end = button.onClick((self) => {
    clicks += self.description.length;
  });
  expect(await client.send(button.id, { method: 'custom', content: { event: 'click' } })).toEqual(new Error('first'));
  expect(clicks).toBe(3);
  end();
  expect(() => button.click()).toThrow('first');
  expect(clicks).toBe(3);
});

test('boxes name their children', async () => {
  const client = memoryKernel();
  const a = new widgets.Label({ value: 'a' });
  const b = new widgets.HTML({ value: '<b>b</b>' });
  const tab = new widgets.Tab([a], { titles: ['A'] });
  tab.set({ children: [a, b], titles: ['A', 'B'], selectedIndex: 1 });
  await tick();
  expect(client.state(tab.id)).toMatchObject({
    children: [`IPY_MODEL_${a.id}`, `IPY_MODEL_${b.id}`],
    titles: ['A', 'B'],
    selected_index: 1,
  });
  expect(tab.children).toEqual([a, b]);
});

test('as text a widget tells what is not as it was by default', () => {
  memoryKernel();
  expect(String(new widgets.IntSlider({ max: 10 }))).toBe('IntSlider { value: 0, max: 10 }');
  expect(String(new widgets.Dropdown({ options: ['a', 'b'] }))).toBe('Dropdown { value: "a", options: ["a", "b"] }');
  const label = new widgets.Label({ value: 'hi' });
  expect(String(new widgets.HBox([label]))).toBe('HBox { children: [Label { value: "hi" }] }');
  expect(inspect({ label })).toBe('{ label: Label { value: "hi" } }');
  label.close();
  expect(String(label)).toBe('Label { closed }');
});
