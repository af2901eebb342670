// Widgets in JupyterLab, used by mouse: sliders, interact, buttons, views of one's own, progress bars; and what is left of them after
// the page is loaded anew. Pictures of the page land in out/browser/widgets/.

import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../../src/setup/paths.mjs';
import { findChromium, launchChromium, noChromium } from '../../notebooks/chromium.js';
import { type Lab, openNotebook, readCells, startLab, writeNotebook } from '../../notebooks/lab.js';

const why = findChromium() ? '' : ` (skipped: ${noChromium})`;
const folder = 'out/browser/widgets';
const notebook = join(folder, 'widgets.ipynb');

const cells = {
  first: `import { progress } from 'model-types/widgets';
for (const _ of progress([1, 2, 3], { label: 'first' }));`,
  slider: `import { anywidget, Button, HBox, IntSlider, interact, Output } from 'model-types/widgets';
const n = new IntSlider({ value: 2, max: 10, description: 'n' });
n`,
  interact: `interact(({ n, kind }) => {
  console.log(\`\${n} \${kind} is \${kind === 'squared' ? n ** 2 : n ** 3}\`);
  if (n === 10) throw new RangeError('ten is too much');
}, { n, kind: ['squared', 'cubed'] })`,
  button: `const out = new Output();
const button = new Button({ description: 'Say it', buttonStyle: 'primary' });
let clicks = 0;
button.onClick(() => out.capture(async () => {
  console.log('click', ++clicks);
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log('and later', clicks);
}));
new HBox([button, out])`,
  counter: `const counter = anywidget({
  esm: \`export default {
    render({ model, el }) {
      const button = document.createElement('button');
      const show = () => { button.textContent = 'count is ' + model.get('count'); };
      button.className = 'counter';
      button.addEventListener('click', () => { model.set('count', model.get('count') + 1); model.save_changes(); });
      model.on('change:count', show);
      model.on('msg:custom', (message) => { el.append(message.words); });
      show();
      el.append(button);
    },
  }\`,
  css: '.counter { color: white; background: rebeccapurple; padding: 0.5em 1em; }',
  state: { count: 0 },
});
counter`,
  drawn: `const drawn = anywidget({
  esm: ({ model, el }) => {
    const canvas = document.createElement('canvas');
    const show = () => {
      const points = new Float32Array(model.get('points').buffer);
      canvas.width = 200;
      canvas.height = 60;
      const pen = canvas.getContext('2d');
      for (const [x, y] of points.entries()) pen.fillRect(x * 10, 60 - y, 8, y);
      canvas.title = points.join(' ');
    };
    model.on('change:points', show);
    show();
    el.append(canvas);
  },
  state: { points: Float32Array.from({ length: 20 }, (_, x) => 30 + 25 * Math.sin(x / 3)) },
});
drawn`,
  progress: `for (const step of progress(Array.from({ length: 30 }), { label: 'training' })) {
  const end = performance.now() + 60;
  while (performance.now() < end);
}`,
  kernelSide: `n.value = 9;
counter.state.count = 40;
counter.send({ words: 'hello from the kernel' });
drawn.state.points = Float32Array.of(50, 1, 50);`,
  gallery: `import * as w from 'model-types/widgets';
const options = ['red', 'green', 'blue'];
const numbers = new w.VBox([
  new w.FloatSlider({ value: 0.25, max: 1, step: 0.01, description: 'float' }),
  new w.IntText({ value: 7, description: 'whole' }),
  new w.FloatText({ value: 0.5, description: 'any' }),
  new w.BoundedIntText({ value: 3, max: 5, description: 'bounded' }),
  new w.IntProgress({ value: 40, description: 'done', barStyle: 'info' }),
  new w.SelectionSlider({ options, value: 'green', description: 'slide' }),
]);
const several = new w.SelectMultiple({ options, value: ['green'], description: 'several', rows: 3 });
const choices = new w.VBox([
  new w.Select({ options, description: 'one', rows: 3 }),
  several,
  new w.RadioButtons({ options, value: 'blue', description: 'radio' }),
  new w.ToggleButtons({ options, description: 'toggle' }),
  new w.Checkbox({ value: true, description: 'tick' }),
  new w.ToggleButton({ value: true, description: 'down', icon: 'check' }),
]);
const words = new w.VBox([
  new w.Text({ value: 'text', description: 'line' }),
  new w.Textarea({ value: 'two\\nlines', description: 'lines' }),
  new w.Password({ value: 'secret', description: 'secret' }),
  new w.Label({ value: 'A label with $e^{i\\\\pi}$' }),
  new w.HTML({ value: '<b>bold</b> and <i>not</i>' }),
]);
new w.VBox([
  new w.Tab([numbers, choices], { titles: ['Numbers', 'Choices'], selectedIndex: 0 }),
  new w.Accordion([words], { titles: ['Words'], selectedIndex: 0 }),
])`,
  chosen: `several.value.join(' ')`,
  endless: `const spin = new w.Button({ description: 'Spin' });
spin.onClick(() => { for (;;); });
const wait = new w.Button({ description: 'Wait' });
wait.onClick(() => new Promise(() => {}));
new w.HBox([spin, wait])`,
  value: `n.value`,
  values: `[n.value, counter.state.count, clicks].join(' ')`,
};
const places = Object.keys(cells);

describe.skipIf(!findChromium())(`widgets in JupyterLab${why}`, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  const others = new Set<string>();
  beforeAll(async () => {
    // The views' code is for the browser, whose library the notebook's checker does not have.
    const sources = Object.entries(cells).map(([id, source]) =>
      id === 'drawn' ? `// @ts-nocheck\n${source}` : source,
    );
    await writeNotebook(notebook, sources);
    lab = await startLab([`--ServerApp.root_dir=${inRoot()}`]);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 1900 } });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.host !== new URL(lab.origin).host) others.add(url.origin);
    });
    await openNotebook(page, lab, notebook);
  });
  afterAll(async () => {
    await browser?.close();
    if (lab) await lab.stop();
  });

  const picture = (name: string) => page.screenshot({ path: inRoot(folder, `${name}.png`) });
  const cell = (name: keyof typeof cells) => page.locator('.jp-Notebook .jp-CodeCell').nth(places.indexOf(name));
  const output = (name: keyof typeof cells) => cell(name).locator('.jp-OutputArea').first();

  const words = (name: keyof typeof cells) => output(name).textContent();

  /** Starts a cell; resolves to a promise of its end. */
  async function start(name: keyof typeof cells): Promise<{ ended: Promise<unknown> }> {
    await page.evaluate(`(() => {
      const { content } = window.jupyterapp.shell.currentWidget;
      content.activeCellIndex = ${places.indexOf(name)};
      content.activeCell.outputArea.model.clear();
    })()`);
    return { ended: page.evaluate(`window.jupyterapp.commands.execute('notebook:run-cell')`) };
  }

  /** Runs a cell; resolves to the text of its result. */
  async function run(name: keyof typeof cells): Promise<string> {
    const { ended } = await start(name);
    await ended;
    const { outputs } = (await readCells(page))[places.indexOf(name)] ?? { outputs: [] };
    const errors = outputs.filter(({ type }) => type === 'error').map(({ text }) => text);
    expect(errors, cells[name]).toEqual([]);
    return outputs.map(({ text }) => text).join('\n');
  }

  const readout = (name: keyof typeof cells) => output(name).locator('.widget-readout').first().textContent();

  /** Drags the handle of a slider to a share of its length. */
  async function drag(name: keyof typeof cells, share: number): Promise<void> {
    await output(name).scrollIntoViewIfNeeded();
    const handle = await output(name).locator('.noUi-handle').first().boundingBox();
    const track = await output(name).locator('.noUi-base').first().boundingBox();
    if (!handle || !track) throw new Error('The slider cannot be seen.');
    const y = handle.y + handle.height / 2;
    await page.mouse.move(handle.x + handle.width / 2, y);
    await page.mouse.down();
    await page.mouse.move(track.x + track.width * share, y, { steps: 8 });
    await page.mouse.up();
  }

  test('a progress bar in the first cell is a widget: the client asked for widgets before', async () => {
    await run('first');
    await expect.poll(() => output('first').locator('.progress-bar-success').count()).toBe(1);
    expect(await words('first')).toMatch(/^first3\/3, 0:00 in all/);
  });

  test('a slider that is moved by mouse changes the variable', async () => {
    await run('slider');
    expect(await readout('slider')).toBe('2');
    await drag('slider', 0.5);
    await expect.poll(() => readout('slider')).toBe('5');
    expect(await run('value')).toBe('5');
  });

  test('interact runs again with each value, whichever control it comes from', async () => {
    await run('interact');
    await expect.poll(() => words('interact')).toContain('5 squared is 25');
    await drag('interact', 0.7);
    await expect.poll(() => words('interact')).toContain('7 squared is 49');
    // Both sliders show one model.
    expect(await readout('slider')).toBe('7');
    await output('interact').locator('select').selectOption('cubed');
    await expect.poll(() => words('interact')).toContain('7 cubed is 343');
    expect(await words('interact')).not.toContain('squared is');
    await picture('interact');
    await drag('interact', 1);
    await expect.poll(() => words('interact')).toContain('RangeError');
    expect(await words('interact')).toMatch(/ten is too much/);
    await picture('interact-error');
    await drag('interact', 0.3);
    await expect.poll(() => words('interact')).toContain('3 cubed is 27');
  });

  test('a click prints into the Output, now and later', async () => {
    await run('button');
    await output('button').locator('button').click();
    await expect.poll(() => words('button')).toContain('and later 1');
    await output('button').locator('button').click();
    await expect.poll(() => words('button')).toContain('and later 2');
    await picture('button');
  });

  test("a view of one's own counts, and draws bytes", async () => {
    await run('counter');
    const button = output('counter').locator('button.counter');
    await button.click();
    await button.click();
    await expect.poll(() => button.textContent()).toBe('count is 2');
    await run('drawn');
    await expect.poll(() => output('drawn').locator('canvas').count()).toBe(1);
    expect(await output('drawn').locator('canvas').getAttribute('title')).toMatch(/^30 /);
    expect(await run('values')).toContain('3 2 2');
    await picture('anywidget');
  });

  test('a progress bar moves while the loop holds the kernel', async () => {
    await start('progress');
    const bar = output('progress').locator('.progress-bar');
    await bar.waitFor({ timeout: 10_000 });
    const widths = new Set<string>();
    for (let look = 0; look < 14; look++) {
      widths.add((await bar.getAttribute('style')) ?? '');
      if (look === 7) await picture('progress-moving');
      await page.waitForTimeout(100);
    }
    expect(widths.size).toBeGreaterThan(4);
    await expect.poll(() => words('progress'), { timeout: 10_000 }).toMatch(/30\/30, 0:0\d in all/);
    await picture('progress');
  });

  test('the kernel moves the slider, the counter and the drawing', async () => {
    await run('kernelSide');
    await expect.poll(() => readout('slider')).toBe('9');
    expect(await readout('interact')).toBe('9');
    await expect.poll(() => words('interact')).toContain('9 cubed is 729');
    expect(await words('counter')).toMatch(/count is 40\s*hello from the kernel/);
    expect(await output('drawn').locator('canvas').getAttribute('title')).toBe('50 1 50');
    await picture('kernel-side');
  });

  test('the page is loaded anew: widgets are as they were, and go on working', async () => {
    await page.evaluate(`window.jupyterapp.commands.execute('docmanager:save')`);
    await openNotebook(page, lab, notebook);
    await output('slider').locator('.noUi-handle').waitFor({ timeout: 30_000 });
    await expect.poll(() => readout('slider')).toBe('9');
    await expect.poll(() => words('interact')).toContain('9 cubed is 729');
    await expect.poll(() => words('button')).toContain('and later 2');
    await expect.poll(() => words('counter')).toContain('count is 40');
    await expect.poll(() => output('drawn').locator('canvas').getAttribute('title')).toBe('50 1 50');
    await expect.poll(() => words('progress')).toMatch(/training/);
    await picture('reloaded');

    await drag('slider', 0.4);
    await expect.poll(() => words('interact')).toContain('4 cubed is 64');
    await output('button').locator('button').click();
    await expect.poll(() => words('button')).toContain('and later 3');
    await output('counter').locator('button.counter').click();
    expect(await run('values')).toContain('4 41 3');
    await picture('reloaded-used');
  });

  test('a second page shows the same, and follows what is done in the first', async () => {
    const second = await browser.newPage({ viewport: { width: 1280, height: 1900 } });
    await openNotebook(second, lab, notebook);
    const readoutThere = second
      .locator('.jp-Notebook .jp-CodeCell')
      .nth(places.indexOf('slider'))
      .locator('.widget-readout');
    await expect.poll(() => readoutThere.textContent(), { timeout: 30_000 }).toBe('4');
    await drag('slider', 0.6);
    await expect.poll(() => readoutThere.textContent()).toBe('6');
    await second.close();
  });

  test('all controls are drawn; several choices come as a list', async () => {
    await run('gallery');
    await expect.poll(() => output('gallery').locator('.widget-slider').count()).toBe(2);
    await picture('gallery-numbers');
    await output('gallery').getByText('Choices').click();
    await output('gallery').locator('.widget-select-multiple select').selectOption(['red', 'blue']);
    await picture('gallery-choices');
    expect(await words('gallery')).not.toMatch(/error/i);
    await expect.poll(() => run('chosen')).toContain('red blue');
  });

  test.each(['Spin', 'Wait'])(
    'Stop ends a handler that would never end (%s), and the next click works',
    async (name) => {
      const status = () => page.evaluate(`window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status`);
      await run('endless');
      await output('endless').getByText(name).click();
      await expect.poll(status).toBe('busy');
      await page.evaluate(`void window.jupyterapp.commands.execute('notebook:interrupt-kernel')`);
      await expect.poll(status, { timeout: 10_000 }).toBe('idle');
      expect(await run('value')).toBe('6');
    },
  );

  test('no other origin was asked', () => {
    expect([...others]).toEqual([]);
  });
});
