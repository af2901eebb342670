// What a person sees of the kernel in JupyterLab: an error with its frame, completion, documentation, Stop, and a question asked.
// Pictures of the page land in out/browser/kernel/.

import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../../src/setup/paths.mjs';
import { findChromium, launchChromium, noChromium } from '../../notebooks/chromium.js';
import { type Cell, type Lab, openNotebook, readCells, startLab, writeNotebook } from '../../notebooks/lab.js';

const why = findChromium() ? '' : ` (skipped: ${noChromium})`;
const folder = 'out/browser/kernel';

const cells = [
  'const total: number = "twelve";',
  'type Review = { text: string; stars: number };\n/** Stars out of five, as text. */\nfunction stars(review: Review): string {\n  return "*".repeat(review.stars);\n}\nconst review: Review = { text: "Fine.", stars: 4 };',
  'console.log("before");\nfunction broken(r: Review) {\n  throw new RangeError("no " + r.text);\n}\nbroken(review);',
  'let turns = 0;\nfor (;;) turns++;',
  'stars(review)',
  'const name = prompt("Your name?");\n"Hello, " + name',
];

describe.skipIf(!findChromium())(`the kernel in JupyterLab${why}`, () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    await writeNotebook(join(folder, 'kernel.ipynb'), cells);
    lab = await startLab([`--ServerApp.root_dir=${inRoot()}`]);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    await openNotebook(page, lab, join(folder, 'kernel.ipynb'));
  });
  afterAll(async () => {
    await browser?.close();
    if (lab) await lab.stop();
  });

  const picture = (name: string) => page.screenshot({ path: inRoot(folder, `${name}.png`) });
  const command = (name: string) => page.evaluate(`void window.jupyterapp.commands.execute('${name}')`);
  const cell = (at: number) => page.locator('.jp-Notebook .jp-CodeCell').nth(at);

  /** Runs a cell and waits until the kernel has answered. */
  async function run(at: number): Promise<Cell> {
    await start(at);
    return ended(at);
  }
  async function start(at: number): Promise<void> {
    await cell(at).locator('.cm-content').click();
    await command('notebook:run-cell');
  }
  async function ended(at: number): Promise<Cell> {
    await page.waitForFunction(
      `/\\[\\d+\\]/.test(document.querySelectorAll('.jp-Notebook .jp-CodeCell')[${at}].querySelector('.jp-InputPrompt').textContent)`,
      null,
      { timeout: 30_000 },
    );
    await page.waitForTimeout(200);
    return (await readCells(page))[at] as Cell;
  }
  const textOf = (at: number) =>
    cell(at)
      .locator('.jp-OutputArea')
      .allInnerTexts()
      .then(([text]) => text ?? '');

  test('a type error is shown in a frame before the cell runs', async () => {
    const { outputs } = await run(0);
    expect(outputs.map(({ type }) => type)).toEqual(['error']);
    const text = await textOf(0);
    expect(text).toContain('TS2322');
    expect(text).toContain("Type 'string' is not assignable to type 'number'.");
    expect(text).toContain('const total: number = "twelve";');
    await picture('type-error');
  });

  test('an error is shown with the line of the cell that threw it, and what was printed before', async () => {
    expect((await run(1)).outputs).toEqual([]);
    const { outputs } = await run(2);
    expect(outputs.map(({ type }) => type)).toEqual(['stdout', 'error']);
    const text = await textOf(2);
    expect(text).toContain('RangeError');
    expect(text).toMatch(/no Fine\./);
    expect(text).toMatch(/Cell 3, line 3/);
    expect(text).toMatch(/Cell 3, line 5/);
    expect(text).not.toMatch(/node:internal|dist\/src\/kernel/);
    await picture('error');
  });

  test('Stop ends a loop that never yields, and variables survive', async () => {
    await start(3);
    await page.waitForTimeout(1000);
    await command('notebook:interrupt-kernel');
    const { outputs } = await ended(3);
    expect(outputs.map(({ type }) => type)).toEqual(['error']);
    expect(await textOf(3)).toMatch(/Interrupted/);
    const { outputs: later } = await run(4);
    expect(later.map(({ text }) => text)).toEqual(["'****'"]);
    await picture('stop');
  });

  test('Tab offers members with their kinds, also while a cell runs', async () => {
    await start(3);
    await cell(4).locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('.toUpperC');
    await page.keyboard.press('Tab');
    await page.waitForSelector('.jp-Completer-item', { timeout: 10_000 });
    expect(await page.locator('.jp-Completer-item').allInnerTexts()).toEqual([
      expect.stringMatching(/toUpperCase\s+method/),
    ]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('review.');
    await page.keyboard.press('Tab');
    await page.waitForSelector('.jp-Completer-item', { timeout: 10_000 });
    const items = await page.locator('.jp-Completer-item').allInnerTexts();
    expect(items.join('\n')).toContain('stars');
    expect(items.join('\n')).toContain('text');
    await picture('completion');
    await page.keyboard.press('Escape');
    await command('notebook:interrupt-kernel');
    await ended(3);
  });

  test('Shift-Tab shows signature and documentation', async () => {
    await cell(4).locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('stars(review)');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+Tab');
    const tooltip = page.locator('.jp-Tooltip');
    // JupyterLab shows the tooltip first and what is in it a moment later.
    await tooltip.getByText('function stars(review: Review): string').first().waitFor({ timeout: 10_000 });
    const text = (await tooltip.allInnerTexts()).join('\n');
    expect(text).toContain('Stars out of five, as text.');
    await picture('documentation');
    await page.keyboard.press('Escape');
  });

  test('prompt asks below the cell, and the cell goes on with what was typed', async () => {
    await start(5);
    const input = page.locator('.jp-Stdin-input');
    await input.waitFor({ timeout: 10_000 });
    await input.fill('Ada');
    await picture('prompt');
    await input.press('Enter');
    const { outputs } = await ended(5);
    expect(outputs.at(-1)?.text).toBe("'Hello, Ada'");
  });
});
