import { expect, it } from 'vitest';
import { yamlText } from '../../src/tasks/yaml.js';

it('writes records, lists, and lists of records', () => {
  const text = yamlText({
    license: 'apache-2.0',
    left: undefined,
    tags: ['onnx', 'model-types'],
    none: [],
    results: [{ task: { type: 'text-classification' }, metrics: [{ value: 0.5 }, { value: 1, verified: false }] }],
  });
  expect(text).toBe(`license: apache-2.0
tags:
- onnx
- model-types
none: []
results:
- task:
    type: text-classification
  metrics:
  - value: 0.5
  - value: 1
    verified: false
`);
});

it.each([
  ['a:b', '"a:b"'],
  ['no', '"no"'],
  ['1.5', '"1.5"'],
  ['', '""'],
  [' padded', '" padded"'],
  ['# not a comment', '"# not a comment"'],
  ['two\nlines', '"two\\nlines"'],
  ['quoted "so"', '"quoted \\"so\\""'],
  ['a\u2028b\u0085c', '"a\\u2028b\\u0085c"'],
  ['sentence-transformers/all-MiniLM-L6-v2', 'sentence-transformers/all-MiniLM-L6-v2'],
  ['Text classification', 'Text classification'],
])('quotes what YAML would read as something else: %j', (value, written) => {
  expect(yamlText({ key: value })).toBe(`key: ${written}\n`);
});
