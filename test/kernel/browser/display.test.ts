// What a person sees of values in JupyterLab: tables, pictures, tensors, figures, formulas, in light and in dark. Pictures of the
// page land in out/browser/display/.

import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../../src/setup/paths.mjs';
import { findChromium, launchChromium, noChromium } from '../../notebooks/chromium.js';
import { type Lab, openNotebook, readCells, startLab, writeNotebook } from '../../notebooks/lab.js';

const why = findChromium() ? '' : ` (skipped: ${noChromium})`;
const folder = 'out/browser/display';

const attack = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';

const cells = {
  records: `const people = [
  { name: 'Ada', born: 1815, score: 0.1 + 0.2, note: ${JSON.stringify(attack)} },
  { name: 'Grace', born: 1906, score: 12, note: null },
];
people`,
  frame: `import { DataFrame } from 'danfojs-node';
const names = Array.from({ length: 24 }, (_, at) => 'column ' + at);
const rows = Array.from({ length: 1000 }, (_, row) => names.map((_, column) => (column === 0 ? 'row ' + row : row * column / 7)));
new DataFrame(rows, { columns: names })`,
  picture: `import { RawImage } from '@huggingface/transformers';
const pixels = new Uint8ClampedArray(120 * 80 * 3);
for (let at = 0; at < pixels.length; at += 3) {
  pixels[at] = 2 * ((at / 3) % 120);
  pixels[at + 1] = 3 * Math.floor(at / 360);
  pixels[at + 2] = 128;
}
new RawImage(pixels, 120, 80, 3)`,
  tensor: `import * as tf from '@tensorflow/tfjs';
await tf.setBackend('cpu');
tf.range(0, 6000).reshape([10, 20, 30])`,
  plotly: `({ data: [{ type: 'bar', x: [1, 2, 3], y: new Float32Array([2, 1, 3]) }], layout: { title: { text: 'Bars' }, height: 250 } })`,
  vega: `({
  $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  data: { values: [{ a: 'A', b: 28 }, { a: 'B', b: 55 }, { a: 'C', b: 43 }] },
  mark: 'bar',
  encoding: { x: { field: 'a', type: 'nominal' }, y: { field: 'b', type: 'quantitative' } },
})`,
  words: `import { html, json, latex, md, svg } from 'model-types/display';
display(md\`The mean is **\${0.5}**, in \\\`code\\\`, $x^2$.\`);
display(latex\`\\int_0^1 x^2 \\, dx = \\frac{1}{3}\`);
display(html\`<b class="mine">bold \${'<i>not italic</i>'}</b>\`);
display(svg\`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle class="dot" cx="30" cy="30" r="25" fill="teal"/></svg>\`);
json({ a: { b: [1, 2, 3] } })`,
  update: `const shown = display('first');
shown.update([{ step: 1, loss: 0.5 }]);
shown`,
  values: `display(Promise.resolve(5));
display(new Map([['weight', { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) }]]));
display(new RangeError('an error as a value'));
function add(a: number, b = 1) { return a + b; }
display(add);
({ a: { b: { c: { d: 1 } } } })`,
  tslab: `import * as tslab from 'tslab';
tslab.display.html('<em class="tslab">by tslab</em>');
const twice = tslab.newDisplay();
twice.text('one');
twice.text('two');`,
};

const names = Object.keys(cells) as (keyof typeof cells)[];

describe.skipIf(!findChromium())(`values in JupyterLab${why}`, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  const dialogs: string[] = [];
  beforeAll(async () => {
    await writeNotebook(join(folder, 'display.ipynb'), Object.values(cells));
    lab = await startLab([`--ServerApp.root_dir=${inRoot()}`]);
    browser = await launchChromium();
    // High enough for every cell: JupyterLab draws only those in sight.
    page = await browser.newPage({ viewport: { width: 1280, height: 5000 } });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await openNotebook(page, lab, join(folder, 'display.ipynb'));
    await page.evaluate(`window.jupyterapp.commands.execute('notebook:run-all-cells')`);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    if (lab) await lab.stop();
  });

  const outputs = (name: keyof typeof cells) =>
    page.locator('.jp-Notebook .jp-CodeCell').nth(names.indexOf(name)).locator('.jp-OutputArea').first();
  const textOf = async (locator: ReturnType<typeof outputs>) => (await locator.allInnerTexts()).join('\n');
  const picture = (name: string) => page.screenshot({ path: inRoot(folder, `${name}.png`) });

  test('every cell ran to its end', async () => {
    const ran = await readCells(page);
    const errors = ran.flatMap(({ outputs }) => outputs.filter(({ type }) => type === 'error').map(({ text }) => text));
    expect(errors).toEqual([]);
    expect(ran.every(({ count }) => count !== null)).toBe(true);
  });

  test('records are a table, and nothing in them runs', async () => {
    const table = outputs('records').locator('table.dataframe');
    expect(await table.locator('tbody tr').count()).toBe(2);
    expect(await table.locator('thead th').allInnerTexts()).toEqual(['', 'name', 'born', 'score', 'note']);
    expect(await textOf(table.locator('td').nth(3))).toBe(attack);
    expect(await ask('records', 'td:nth-of-type(2)', 'getComputedStyle(element).textAlign')).toBe('right');
    expect(await ask('records', 'td:nth-of-type(1)', 'getComputedStyle(element).textAlign')).toBe('left');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(dialogs).toEqual([]);
  });

  test('a large data frame shows its ends and its size, and scrolls within the cell', async () => {
    const output = outputs('frame');
    expect(await output.locator('tbody tr').count()).toBe(21);
    expect(await textOf(output)).toContain('1,000 rows × 24 columns');
    const { width } = (await output.boundingBox()) ?? { width: 0 };
    expect(width).toBeLessThan(1280);
  });

  test('pixels are a picture', async () => {
    expect(await ask('picture', 'img', '[element.naturalWidth, element.naturalHeight]')).toEqual([120, 80]);
  });

  test('a tensor is its type, shape and a corner of values', async () => {
    const text = await textOf(outputs('tensor'));
    expect(text).toContain('Tensor float32 [10, 20, 30]: 6,000 values');
    expect(text).toMatch(/150 +151 +152/);
  });

  test('Plotly and Vega-Lite draw', async () => {
    await outputs('plotly').locator('.js-plotly-plot .main-svg').first().waitFor({ timeout: 20_000 });
    expect(await outputs('plotly').locator('.bars .point').count()).toBe(3);
    await outputs('vega').locator('.vega-embed canvas, .vega-embed svg').first().waitFor({ timeout: 20_000 });
  });

  test('Markdown, formulas, HTML, SVG and JSON are drawn as such', async () => {
    const words = outputs('words');
    expect(await textOf(words.locator('strong'))).toBe('0.5');
    expect(await textOf(words.locator('code').first())).toBe('code');
    await words.locator('mjx-container').nth(1).waitFor({ timeout: 20_000 });
    expect(await words.locator('mjx-container').count()).toBe(2);
    expect(await words.locator('mjx-merror').count()).toBe(0);
    expect(await textOf(words.locator('b.mine'))).toBe('bold <i>not italic</i>');
    expect(await words.locator('svg circle, img[src^="data:image/svg"]').count()).toBeGreaterThan(0);
    expect(await words.locator('.jp-RenderedJSON').count()).toBe(1);
  });

  test('an update replaces what was shown, and is no result of its own', async () => {
    expect(await textOf(outputs('update'))).not.toContain('first');
    expect(await outputs('update').locator('tbody tr').count()).toBe(1);
    expect((await readCells(page))[names.indexOf('update')]?.outputs).toHaveLength(1);
  });

  test('promises, tensors by name, errors, functions and deep values', async () => {
    const text = await textOf(outputs('values'));
    expect(text).toMatch(/Promise \{ 5 \}\s+\(A promise: write `await`/);
    expect(text).toMatch(/weight\s+float32\s+\[2, 3\]/);
    expect(text).toContain('RangeError: an error as a value');
    expect(text).toMatch(/at Cell 9, line 3/);
    expect(text).toContain('[Function: add]');
    expect(text).toContain('add(a, b = 1) { ... }');
    expect(text).toContain('displayOptions({ depth: 6 })');
  });

  test("tslab's functions show as on tslab", async () => {
    expect(await textOf(outputs('tslab').locator('em.tslab'))).toBe('by tslab');
    expect((await textOf(outputs('tslab'))).trim().split(/\s*\n\s*/)).toEqual(['by tslab', 'two']);
  });

  test('tables can be read in the light theme and in the dark one', async () => {
    for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
      await page.evaluate(`window.jupyterapp.commands.execute('apputils:change-theme', { theme: '${theme}' })`);
      await page.waitForFunction(`document.body.dataset.jpThemeLight === '${theme.endsWith('Light')}'`);
      await page.waitForTimeout(500);
      await picture(theme.endsWith('Light') ? 'light' : 'dark');
      for (const selector of ['td', 'th', 'p', 'tbody tr:nth-child(2) td']) {
        expect(await ask('frame', selector, contrast)).toBeGreaterThan(4.5);
      }
    }
  });

  /** What an expression says of the first element of a cell's outputs that fits; the page's types are not known here. */
  function ask(name: keyof typeof cells, selector: string, expression: string): Promise<unknown> {
    const cell = `document.querySelectorAll('.jp-Notebook .jp-CodeCell')[${names.indexOf(name)}]`;
    return page.evaluate(`((element) => ${expression})(${cell}.querySelector('.jp-OutputArea ${selector}'))`);
  }
});

/** The contrast of a text with what is behind it, as WCAG counts it. */
const contrast = `{
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = rgba(colour).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  let behind = element;
  while (behind.parentElement && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(behind).backgroundColor)];
  return Math.max(a, b) / Math.min(a, b);
}`;
