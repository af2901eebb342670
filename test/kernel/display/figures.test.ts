// Figures of Plotly and Vega, as the objects their libraries make and their documentation shows.

import { expect, test } from 'vitest';
import { figure } from '../../../src/plots/figure.js';
import { formsOf } from './forms.js';

const plotly = 'application/vnd.plotly.v1+json';

test('Plotly: data and layout', async () => {
  const value = {
    data: [{ type: 'bar', x: [1], y: new Float32Array([2]) }],
    layout: { title: { text: '<b>Size</b>' } },
  };
  expect(await formsOf(value)).toEqual({
    [plotly]: { data: [{ type: 'bar', x: [1], y: [2] }], layout: { title: { text: '<b>Size</b>' } } },
    'text/plain': "[Plotly figure 'Size': 1 trace (bar)]",
  });
  const full = { data: [], layout: {}, config: { responsive: true }, frames: [{ name: 'a', data: [] }] };
  expect((await formsOf(full))[plotly]).toEqual(full);
});

test('what only resembles a figure is text', async () => {
  for (const value of [
    { data: [1], layout: {} },
    { data: [{}], layout: 'grid' },
    { data: {}, layout: {} },
    { data: [{}] },
  ])
    expect(Object.keys(await formsOf(value))).toEqual(['text/plain']);
});

test('the figures of the lessons show themselves', async () => {
  const value = figure({ data: [{ type: 'bar' }], layout: {}, text: 'a  1', alt: 'One bar.' });
  const forms = await formsOf(value);
  expect(Object.keys(forms)).toEqual([plotly, 'text/plain']);
  expect(forms['text/plain']).toBe('One bar.\n\na  1');
});

const bars = { data: { values: [{ a: 'A', b: 28 }] }, mark: 'bar', encoding: { x: { field: 'a' }, y: { field: 'b' } } };

test.each([
  ['vega-lite/v5', ['application/vnd.vegalite.v5+json'], '[Vega-Lite 5 chart (bar)]'],
  // JupyterLab 4 draws version 5 at most.
  [
    'vega-lite/v6',
    ['application/vnd.vegalite.v6+json', 'application/vnd.vegalite.v5+json'],
    '[Vega-Lite 6 chart (bar)]',
  ],
  ['vega-lite/v5.20.1', ['application/vnd.vegalite.v5+json'], '[Vega-Lite 5 chart (bar)]'],
  ['vega/v5', ['application/vnd.vega.v5+json'], '[Vega 5 chart (bar)]'],
])('Vega by its schema: %s', async (version, mimes, text) => {
  const spec = { $schema: `https://vega.github.io/schema/${version}.json`, ...bars };
  const forms = await formsOf(spec);
  expect(Object.keys(forms)).toEqual([...mimes, 'text/plain']);
  expect(forms[mimes[0] as string]).toEqual(spec);
  expect(forms['text/plain']).toBe(text);
});

test('Vega-Lite by toSpec(), as vega-lite-api has it', async () => {
  expect(await formsOf({ toSpec: () => bars })).toMatchObject({ 'application/vnd.vegalite.v5+json': bars });
  expect(await formsOf({ toSpec: () => 5 })).toEqual({ 'text/plain': '{ toSpec: [Function: toSpec] }' });
  const broken = {
    toSpec: () => {
      throw new Error('no data');
    },
  };
  expect(await formsOf(broken)).toEqual({ 'text/plain': 'Its toSpec() method threw Error: no data' });
});

test('a schema of something else is text', async () => {
  expect(
    Object.keys(await formsOf({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' })),
  ).toEqual(['text/plain']);
});
