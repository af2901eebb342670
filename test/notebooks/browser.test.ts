// The newcomer's path: npm start, a lesson opened in the browser, Run All. Pictures of the page land in out/browser/.

import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lessonsIn } from '../../src/setup/lesson-files.mjs';
import { inRoot, notebooks } from '../../src/setup/paths.mjs';
import { findChromium, launchChromium, noChromium } from './chromium.js';
import { type Lab, openNotebook, photograph, runAll, startLab } from './lab.js';

const figure = 'application/vnd.plotly.v1+json';
const why = findChromium() ? '' : ` (skipped: ${noChromium})`;

describe.skipIf(!findChromium())(`JupyterLab in a browser${why}`, () => {
  let lab: Lab;
  let browser: Browser;
  beforeAll(async () => {
    // The default root, notebooks/, has the lessons; the whole clone is served so that the fixtures can be opened too.
    lab = await startLab([`--ServerApp.root_dir=${inRoot()}`], { MODEL_TYPES_QUICK: '1', MODEL_TYPES_OFFLINE: '1' });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    // Ctrl-C ends it cleanly.
    if (lab) expect(await lab.stop()).toBe(0);
  });

  const lessons = lessonsIn(notebooks).map((name) => `notebooks/${name}`);
  test.each(['test/notebooks/fixtures/passing.ipynb', ...lessons])(
    '%s: Run All runs through, plots are drawn, no other origin is asked',
    async (path) => {
      const pictures = inRoot('out', 'browser', basename(path, '.ipynb'));
      await rm(pictures, { recursive: true, force: true });
      await mkdir(pictures, { recursive: true });
      const context = await browser.newContext({ viewport: { width: 1280, height: 1400 } });
      const page = await context.newPage();
      const others = new Set<string>();
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && url.host !== new URL(lab.origin).host) others.add(url.origin);
      });

      await openNotebook(page, lab, path);
      const cells = await runAll(page, 600);
      for (const { source, count, outputs } of cells) {
        const stopped = `${source}\n\n${outputs.map(({ type, text }) => `${type}: ${text}`).join('\n')}`;
        expect(count, `did not run to its end:\n${stopped}`).not.toBeNull();
        expect(
          outputs.map(({ type }) => type),
          stopped,
        ).not.toContain('error');
      }
      const drawn = await photograph(page, (screen) => join(pictures, `${String(screen).padStart(2, '0')}.png`));
      const figures = cells.flatMap(({ outputs }) => outputs).filter(({ mimes }) => mimes.includes(figure));
      expect(figures.length).toBeGreaterThan(0);
      expect(drawn).toBe(figures.length);
      expect([...others]).toEqual([]);
      // Nothing is asked of a person either: no news prompt, no choice of a kernel.
      expect(await page.locator('.jp-Dialog').count()).toBe(0);
      expect(await page.locator('.Toastify__toast').allTextContents()).toEqual([]);
      if (path.includes('text'))
        expect(cells.flatMap(({ outputs }) => outputs.map(({ text }) => text)).join('\n')).toMatch(/accuracy/i);
      await context.close();
    },
    900_000,
  );
});
