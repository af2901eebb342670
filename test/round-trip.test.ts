// A model that goes all the way: trained here, opened and trained on in Python, opened here again, exported, run in Node.js and in a
// page. Python's half is recorded in test/fixtures/round-trip by references/round_trip.py, where Python checks what it opened.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../src/tasks/load-model.js';
import type { Prediction } from '../src/tasks/prediction.js';
import type { TextClassifier } from '../src/tasks/text-classification.js';
import { type FineTuneOptions, fineTune } from '../src/training/fine-tune.js';
import { lora } from '../src/training/strategies/lora.js';
import { libraries, serve } from './browser/serve.js';
import { findChromium, launchChromium, noChromium } from './notebooks/chromium.js';
import { fixture, fixtureJson, largestError } from './references.js';
import { expectSame, type Scored } from './tasks/exported.js';

const plan = fixtureJson('round-trip/plan.json') as {
  texts: string[];
  rows: { text: string; label: number }[];
  rank: number;
  alpha: number;
  settings: FineTuneOptions;
};
const recorded = fixtureJson('round-trip/predictions.json') as { trainedHere: number[][]; trainedThere: number[][] };
const { texts } = plan;

const open = (folder = 'tiny-bert') => loadModel(fixture(folder), { task: 'text-classification' });

/** The largest difference of any probability from what was recorded. */
const error = (predictions: readonly Prediction[], expected: number[][]) =>
  largestError({ data: predictions.flatMap(({ probabilities }) => probabilities) }, { data: expected.flat() });

let folder: string;
let back: TextClassifier;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-trip-'));
  back = await open('round-trip/python/model');
  await back.exportOnnx(join(folder, 'exported'), { dtypes: ['fp32'] });
});
afterAll(async () => {
  await back.dispose();
  await rm(folder, { recursive: true });
});

describe('a model', () => {
  it('is trained here, to what Python found when it opened it', async () => {
    const model = await open();
    const strategy = lora({ rank: plan.rank, alpha: plan.alpha, dropout: 0 });
    await fineTune(model, { train: plan.rows }, { ...plan.settings, strategy });
    // 12 steps at a high learning rate: what rounds otherwise on another processor may grow.
    expect(error(await model.predict(texts), recorded.trainedHere)).toBeLessThan(1e-3);
    const saved = await (await open()).loadAdapter(fixture('round-trip/ours/adapter'));
    expect(error(await saved.predict(texts), recorded.trainedHere)).toBeLessThan(1e-5);
  });

  it('comes back from an epoch in Python: whole from transformers, and as an adapter from peft', async () => {
    expect(error(await back.predict(texts), recorded.trainedThere)).toBeLessThan(1e-5);
    const adapted = await (await open()).loadAdapter(fixture('round-trip/python/adapter'));
    expect(error(await adapted.predict(texts), recorded.trainedThere)).toBeLessThan(1e-5);
    expect(error(await adapted.mergeAdapters().predict(texts), recorded.trainedThere)).toBeLessThan(1e-5);
  });

  it('says the same in Node.js, in transformers.js', async () => {
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = `${folder}/`;
    const classify = await pipeline('text-classification', 'exported', { dtype: 'fp32' });
    expectSame((await classify(texts)) as Scored[], await back.predict(texts), 1e-5);
    await classify.dispose();
  });

  it.skipIf(!findChromium())(
    `says the same in a page${findChromium() ? '' : ` (skipped: ${noChromium})`}`,
    async () => {
      await writeFile(join(folder, 'page.html'), '<!doctype html><title>A page</title>');
      const site = await serve({ ...libraries, '/models/': folder, '/page.html': join(folder, 'page.html') });
      const browser = await launchChromium();
      const page = await browser.newPage();
      await page.goto(`${site.origin}/page.html`);
      const answers = await page.evaluate(`(async () => {
      const { env, pipeline } = await import('/library/transformers.min.js');
      env.allowRemoteModels = false;
      env.allowLocalModels = true;
      env.localModelPath = '/models/';
      env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';
      const classify = await pipeline('text-classification', 'exported', { dtype: 'fp32' });
      return classify(${JSON.stringify(texts)});
    })()`);
      await browser.close();
      await site.close();
      expectSame(answers as Scored[], await back.predict(texts), 1e-5);
    },
    120_000,
  );
});
