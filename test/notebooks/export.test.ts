// The exported page draws its figures with the network cut off, and says in words what they show.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium, launchChromium, noChromium } from './chromium.js';
import { runLesson } from './run.js';

let folder: string;
let page: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  const { code, words } = await runLesson([join('test', 'notebooks', 'fixtures', 'passing.ipynb'), '--out', folder]);
  expect(code, words).toBe(0);
  page = join(folder, 'passing.html');
});
afterAll(() => rm(folder, { recursive: true }));

test('the page names no other origin to load from, and has the plotting library once', async () => {
  const html = await readFile(page, 'utf8');
  const ours = html.replace(/<script>\s*\/\*\*[\s\S]*?<\/script>/, '<!-- plotly.js -->');
  expect(html.length - ours.length).toBeGreaterThan(1e6);
  expect(ours).not.toMatch(/(src|href)="?(https?:)?\/\//);
  expect(ours).not.toMatch(/plotly\.js v\d/);
  expect(ours).toContain('The numbers of this figure');
});

test.skipIf(!findChromium())(
  `figures are drawn offline${findChromium() ? '' : ` (skipped: ${noChromium})`}`,
  async () => {
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ offline: true, viewport: { width: 1000, height: 1400 } });
      const tab = await context.newPage();
      const asked: string[] = [];
      const errors: string[] = [];
      tab.on('request', (request) => asked.push(request.url().slice(0, 100)));
      tab.on('pageerror', (error) => errors.push(error.message));
      await tab.goto(pathToFileURL(page).href);
      await tab.waitForSelector('.figure .main-svg');
      expect(await tab.locator('.figure .scatterlayer .trace').count()).toBe(1);
      expect(await tab.locator('.figure .plot').getAttribute('aria-label')).toBe(
        'The value doubles with "each" step, </script> or not.',
      );
      expect(await tab.locator('h1').textContent()).toContain('A notebook that passes');
      expect(errors).toEqual([]);
      expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
