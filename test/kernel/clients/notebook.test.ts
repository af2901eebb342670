// Notebook 7 in a browser: a notebook runs, completes, stops and shows an error, with our kernel chosen by the notebook.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot, pythonOf } from '../../../src/setup/paths.mjs';
import { findChromium, launchChromium, noChromium } from '../../notebooks/chromium.js';
import { clientEnvironment, skipped, why, workFolder, writeNotebook } from './clients.js';

const reason = why || (findChromium() ? '' : ` (skipped: ${noChromium})`);

describe.skipIf(reason !== '')(`Notebook 7${reason}`, () => {
  const folder = workFolder();
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    if (skipped) return;
    writeNotebook(join(folder, 'tour.ipynb'), [
      'const words: string[] = ["one", "two"];\nwords.length',
      'while (true) {}',
      "const n: number = 'x';",
      'words.',
    ]);
    const args = [
      '-m',
      'notebook',
      '--no-browser',
      '--allow-root',
      '--port=0',
      '--port-retries=0',
      `--ServerApp.root_dir=${folder}`,
    ];
    server = spawn(pythonOf(process.env.KERNEL_CLIENTS ?? ''), args, { cwd: folder, env: clientEnvironment(folder) });
    const address = await new Promise<string>((resolve, reject) => {
      let words = '';
      const hear = (chunk: Buffer) => {
        words += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*\?token=\w+/.exec(words);
        if (found) resolve(found[0]);
      };
      server.stdout?.on('data', hear);
      server.stderr?.on('data', hear);
      server.once('close', (code) => reject(new Error(`jupyter notebook ended (${code}):\n${words}`)));
    });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    const { origin, searchParams } = new URL(address);
    await page.goto(`${origin}/notebooks/tour.ipynb?token=${searchParams.get('token')}`);
    await page.waitForSelector('.jp-Notebook .jp-CodeCell');
  });
  afterAll(async () => {
    await browser?.close();
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('close', resolve));
    server.kill('SIGTERM');
    await ended;
  });

  const cell = (i: number) => page.locator('.jp-CodeCell').nth(i);
  const outputOf = (i: number) => cell(i).locator('.jp-OutputArea').textContent();
  async function run(i: number): Promise<void> {
    await cell(i).locator('.cm-content').click();
    await page.keyboard.press('Control+Enter');
  }

  test('it takes the kernel the notebook names, with its logo, and shows a value', async () => {
    await page.waitForSelector('img[src*="kernelspecs/typescript/logo"]');
    await run(0);
    await expect.poll(() => outputOf(0), { timeout: 30_000 }).toContain('2');
  });

  test('Stop ends an endless loop', async () => {
    await run(1);
    await expect.poll(() => cell(1).locator('.jp-InputPrompt').textContent()).toContain('[*]');
    await page
      .locator('[data-command="notebook:interrupt-kernel"], [data-command="kernelmenu:interrupt"]')
      .first()
      .click();
    await expect.poll(() => outputOf(1), { timeout: 15_000 }).toMatch(/[Ii]nterrupt/);
  });

  test('a type error has its code, and Tab completes with what earlier cells declared', async () => {
    await run(2);
    await expect.poll(() => outputOf(2)).toContain('TS2322');
    await cell(3).locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Tab');
    await page.waitForSelector('.jp-Completer-item');
    expect((await page.locator('.jp-Completer-item').allTextContents()).join(' ')).toContain('concat');
    await mkdir(inRoot('out', 'clients'), { recursive: true });
    await page.screenshot({ path: inRoot('out', 'clients', 'notebook7.png') });
  });
});
