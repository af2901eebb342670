// What the model card promises of pages: exported models in headless Chromium, with nothing loaded from another machine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium, noChromium } from '../notebooks/chromium.js';
import {
  dtypes,
  expectSame,
  families,
  load,
  nameInTransformers,
  predictPadded,
  type Scored,
  texts,
  tolerance,
} from '../tasks/exported.js';
import { libraries, type Site, serve } from './serve.js';

/** Opens a page, and keeps a list of what it asks of other machines. */
async function open(browser: Browser, url: string): Promise<{ page: Page; others: string[] }> {
  const page = await browser.newPage();
  const others: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && !['data:', 'blob:'].includes(protocol)) others.push(request.url());
  });
  await page.goto(url);
  return { page, others };
}

/** Loads the library, once a page. */
const setUp = `(async () => {
  const { env, pipeline } = await import('/library/transformers.min.js');
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';
  globalThis.pipeline = pipeline;
})()`;

/** What the pipeline says of each batch of texts, in each dtype. */
const classifyAll = (model: string, batches: readonly (readonly string[])[]): string => `(async () => {
  const answers = {};
  for (const dtype of ${JSON.stringify(dtypes.map(nameInTransformers))}) {
    const classify = await pipeline('text-classification', ${JSON.stringify(model)}, { dtype });
    answers[dtype] = [];
    for (const batch of ${JSON.stringify(batches)}) answers[dtype].push(await classify(batch));
    await classify.dispose();
  }
  return answers;
})()`;

const why = findChromium() ? '' : ` (skipped: ${noChromium})`;

describe.skipIf(!findChromium())(`in a page${why}`, () => {
  let browser: Browser;
  let site: Site;
  let models: string;
  beforeAll(async () => {
    browser = await launchChromium();
    models = await mkdtemp(join(tmpdir(), 'pages-'));
    site = await serve({
      ...libraries,
      '/models/': models,
      '/page.html': join(models, 'page.html'),
      '/transformers.min.js': join(libraries['/library/'] as string, 'transformers.min.js'),
    });
    await writeFile(join(models, 'page.html'), '<!doctype html><title>A page</title>');
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    if (models) await rm(models, { recursive: true });
  });

  test('every family gives the same labels and scores, alone and in a batch with padding', async () => {
    const { page, others } = await open(browser, `${site.origin}/page.html`);
    await page.evaluate(setUp);
    for (const name of families.filter((family) => !family.endsWith('-other'))) {
      const model = await load(name);
      await model.exportOnnx(join(models, name));
      const batches = [texts, texts.slice(1, 2)];
      const answers = (await page.evaluate(classifyAll(name, batches))) as Record<string, Scored[][]>;
      for (const [i, batch] of batches.entries()) {
        const expected = await predictPadded(model, batch);
        for (const dtype of dtypes)
          expectSame(answers[nameInTransformers(dtype)]?.[i] as Scored[], expected, tolerance[dtype]);
      }
      await model.dispose();
    }
    expect(others).toEqual([]);
    await page.close();
  }, 180_000);

  test('the page in the model card runs as it stands there', async () => {
    const model = await load('tiny-bert');
    await model.exportOnnx(join(models, 'card'), { dtypes: ['int8'] });
    await model.dispose();
    const card = await readFile(join(models, 'card', 'README.md'), 'utf8');
    await writeFile(join(models, 'page.html'), `<!doctype html>${/```html\n([\s\S]*?)\n```/.exec(card)?.[1]}`);
    const { page, others } = await open(browser, `${site.origin}/page.html`);
    await page.getByText(/^(negative|neutral|positive) 0\.\d+$/).waitFor({ timeout: 100_000 });
    expect(others).toEqual([]);
    await page.close();
  }, 120_000);
});
