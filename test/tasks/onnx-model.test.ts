// loadOnnx: what it says where a folder is not what it should be. That it predicts as the model did: export-onnx.test.ts.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadOnnx, type OnnxDType } from '../../src/tasks/onnx-model.js';
import { temporaryFolder } from '../references.js';
import { load, texts } from './exported.js';

async function exported(): Promise<string> {
  const folder = join(temporaryFolder(), 'exported');
  await (await load('tiny-bert')).exportOnnx(folder, { dtypes: ['int8'] });
  return folder;
}

it('knows its labels, its longest input and its size', async () => {
  const model = await loadOnnx(await exported(), { dtype: 'int8', threads: 1 });
  expect(model.labels).toEqual(['negative', 'neutral', 'positive']);
  expect(model.maxLength).toBe(64);
  expect(model.bytes).toBeGreaterThan(10_000);
  await model.dispose();
});

it('gives predictions in the order of the texts, however many there are', async () => {
  const model = await loadOnnx(await exported(), { dtype: 'int8' });
  const many = Array.from({ length: 70 }, (_, i) => `${texts[i % texts.length]} ${'very '.repeat(i % 9)}good`);
  const predictions = await model.predict(many);
  expect(predictions.map(({ text }) => text)).toEqual(many);
  for (const { probabilities, score, labelIndex } of predictions) {
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(probabilities[labelIndex]).toBe(score);
  }
  await model.dispose();
});

it('names what is missing', async () => {
  const folder = await exported();
  await expect(loadOnnx(folder, { dtype: 'fp16' })).rejects.toThrow(
    `There is no onnx/model_fp16.onnx in ${folder}. Write it with model.exportOnnx('${folder}', { dtypes: ['fp16'] })`,
  );
  await expect(loadOnnx(folder, { dtype: 'q4' as OnnxDType })).rejects.toThrow('dtype "q4"');
  const config = join(folder, 'config.json');
  const { id2label: _, ...rest } = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify(rest));
  await expect(loadOnnx(folder, { dtype: 'int8' })).rejects.toThrow('config.json has no id2label');
  await writeFile(config, '{');
  await expect(loadOnnx(folder, { dtype: 'int8' })).rejects.toThrow('config.json is not valid JSON');
  await rm(config);
  await expect(loadOnnx(folder, { dtype: 'int8' })).rejects.toThrow('config.json');
});
