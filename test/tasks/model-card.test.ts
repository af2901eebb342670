// A model card says what it is given, escaped, and claims nothing else.
import { describe, expect, it } from 'vitest';
import { type ModelCardFacts, modelCard } from '../../src/tasks/model-card.js';

const little: ModelCardFacts = { name: 'mood', labels: ['bad', 'good'], modelType: 'bert', maxLength: 128 };
const much: ModelCardFacts = {
  ...little,
  license: 'apache-2.0',
  baseModel: 'org/base-model',
  languages: ['en'],
  parameterCount: 22_700_000,
  data: { name: 'reviews', description: 'Short reviews.', license: 'CC-BY-4.0', rows: { train: 848, test: 306 } },
  settings: { strategy: 'lora', learningRate: 1e-3, groupByLength: true },
  files: [
    {
      format: 'float32',
      path: 'onnx/model.onnx',
      bytes: 90_880_240,
      score: {
        rows: 306,
        accuracy: 0.9012,
        interval: { low: 0.8625, high: 0.9298 },
        macroF1: 0.9,
        millisecondsPerRow: 10.83,
      },
    },
    { format: 'int8', path: 'onnx/model_quantized.onnx', bytes: 23_649_788 },
  ],
  measuredOn: '2 x a processor',
  limits: ['Irony is often missed.'],
};

const section = (card: string, title: string): string =>
  new RegExp(`## ${title}\n\n([\\s\\S]*?)\n(?=## |$)`).exec(card)?.[1]?.trim() ?? '';

describe('modelCard', () => {
  it('says in its front matter what the hub reads', () => {
    const [, front] = modelCard(much).split('---\n');
    expect(front).toBe(`language:
- en
license: apache-2.0
library_name: transformers.js
pipeline_tag: text-classification
base_model: org/base-model
metrics:
- accuracy
- f1
tags:
- text-classification
- model-types
- onnx
- transformers.js
model-index:
- name: mood
  results:
  - task:
      type: text-classification
      name: Text classification
    dataset:
      name: reviews
      type: reviews
      split: test
    metrics:
    - type: accuracy
      name: Accuracy
      value: 0.9012
    - type: f1
      name: Macro F1
      value: 0.9
`);
  });

  it('has a section for data, settings, scores, limits, use and licence', () => {
    const card = modelCard(much);
    expect(card).toContain('# mood\n\nSorts texts into 2 labels: bad, good. A bert encoder of 22.7 million weights');
    expect(section(card, 'Data')).toBe(
      'reviews. Short reviews. Licence: CC-BY-4.0.\n\n| split | rows |\n| --- | --- |\n| train | 848 |\n| test | 306 |',
    );
    expect(section(card, 'Settings')).toContain('| learningRate | 0.001 |');
    expect(
      section(card, 'Scores'),
    ).toBe(`Measured on 306 test texts that were not trained on. Times: in batches, on 2 x a processor.

| weights | file | size | accuracy | 95% interval | macro F1 | ms per text |
| --- | --- | --- | --- | --- | --- | --- |
| float32 | \`onnx/model.onnx\` | 90.9 MB | 90.1% | 86.3% to 93.0% | 90.0% | 10.8 |
| int8 | \`onnx/model_quantized.onnx\` | 23.6 MB |  |  |  |  |`);
    expect(section(card, 'Limits')).toMatch(/^- Irony is often missed\.\n- Texts are cut after 128 tokens\./);
    expect(section(card, 'Use')).toContain('await loadOnnx("./mood", { dtype: \'int8\' })');
    expect(section(card, 'Licence')).toBe(
      'apache-2.0. The base model, [org/base-model](https://huggingface.co/org/base-model), comes under its own licence, and so do the data.',
    );
  });

  it('leaves out what it is not told', () => {
    const card = modelCard(little);
    expect(card).toContain('license: unknown');
    expect(card).not.toMatch(/model-index|metrics|base_model|## (Data|Settings|Scores|Files)|onnx|undefined|NaN/);
    expect(section(card, 'Licence')).toBe('Not stated by those who trained it.');
    expect(section(card, 'Use')).toContain('loadModel("./mood"');
    expect(modelCard({ ...little, files: much.files?.slice(1) ?? [] })).toContain('## Files');
    expect(modelCard({ ...little, hasWeights: true })).toContain('from transformers import pipeline');
  });

  it('escapes what Markdown, YAML and HTML would read as something else', () => {
    const card = modelCard({
      ...much,
      name: 'a: "b" | <c>',
      labels: ['*up*', 'down|left', '[x](http://y)', 'two\nlines'],
      baseModel: 'not an id](http://z)',
      data: { name: 'x | y', description: '# Not a heading\n- nor a list' },
      settings: { 'a|b': '`c`' },
    });
    expect(card).toContain('base_model: "not an id](http://z)"');
    expect(card).toContain('- name: "a: \\"b\\" | <c>"');
    expect(card).toContain('# a: "b" \\| \\<c\\>\n');
    expect(card).toContain('\\*up\\*, down\\|left, \\[x\\](http://y), two lines');
    expect(card).toContain('| a\\|b | \\`c\\` |');
    expect(section(card, 'Data')).toBe('x \\| y. \\# Not a heading - nor a list');
    expect(card).not.toMatch(/https:\/\/huggingface\.co\/not/);
    const html = /```html\n([\s\S]*?)```/.exec(card)?.[1] ?? '';
    expect(html.match(/<\/?\w+/g)).toEqual(['<script', '</script']);
  });
});
