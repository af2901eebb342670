// Starts JupyterLab by npm start's own program, and drives the notebook page as a person would see it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { inRoot, kernelName, root } from '../../src/setup/paths.mjs';

export interface Lab {
  /** For instance `http://127.0.0.1:9000`. */
  readonly origin: string;
  readonly token: string;
  /** Ends it as Ctrl-C does; resolves to its exit status. */
  readonly stop: () => Promise<number | null>;
}

/** Runs `npm start -- --no-browser --port N ...options` on a free port, until it answers. */
export async function startLab(options: readonly string[] = [], env: Record<string, string> = {}): Promise<Lab> {
  const port = await freePort();
  const args = [join('src', 'setup', 'start.mjs'), '--no-browser', '--port', String(port), ...options];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const token = await tokenOf(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    token,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** JupyterLab prints its address with the token once it answers. */
function tokenOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = '';
    const take = (chunk: Buffer) => {
      words += chunk;
      const token = /\?token=(\w+)/.exec(words)?.[1];
      if (token) resolve(token);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('close', (code) => reject(new Error(`JupyterLab ended with ${code} before it answered:\n${words}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Writes a notebook for our kernel, its path relative to the clone, into a folder of its own that is emptied first. */
export async function writeNotebook(path: string, sources: readonly string[]): Promise<void> {
  await rm(inRoot(dirname(path)), { recursive: true, force: true });
  await mkdir(inRoot(dirname(path)), { recursive: true });
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernelName, display_name: 'TypeScript', language: 'typescript' } },
    cells: sources.map((source, at) => ({
      cell_type: 'code',
      id: `c${at}`,
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  };
  await writeFile(inRoot(path), JSON.stringify(notebook));
}

export interface Output {
  readonly type: string;
  readonly mimes: readonly string[];
  readonly text: string;
}

export interface Cell {
  readonly source: string;
  /** Null where it has not run to its end. */
  readonly count: number | null;
  readonly outputs: readonly Output[];
}

/** Opens a notebook, its path relative to the server's root, and waits until its kernel is idle. */
export async function openNotebook(page: Page, lab: Lab, path: string): Promise<void> {
  await page.goto(`${lab.origin}/lab/tree/${path}?token=${lab.token}&reset`);
  await page.waitForSelector('.jp-Notebook .jp-Cell', { timeout: 90_000 });
  await page.waitForFunction(`${panel}?.sessionContext.session?.kernel?.status === 'idle'`, null, { timeout: 90_000 });
}

/** Runs all cells by the menu entry's command; resolves once the kernel has answered for each, or one has failed. */
export async function runAll(page: Page, seconds: number): Promise<readonly Cell[]> {
  // Resolves to false at the first cell that fails.
  const all = page.evaluate(`window.jupyterapp.commands.execute('notebook:run-all-cells')`);
  await Promise.race([all, page.waitForTimeout(seconds * 1000)]);
  return readCells(page);
}

/** The notebook that is open, in the page. JupyterLab shows itself there: --expose-app-in-browser. */
const panel = `[...window.jupyterapp.shell.widgets('main')].find((widget) => widget.content?.model?.cells)`;

/** What the notebook's code cells hold now, also those that are scrolled out of sight. */
export function readCells(page: Page): Promise<readonly Cell[]> {
  return page.evaluate(`
    [...${panel}.content.model.cells].filter((cell) => cell.type === 'code').map((cell) => ({
      source: cell.sharedModel.getSource(),
      count: cell.executionCount,
      outputs: cell.outputs.toJSON().map((output) => ({
        type: output.name ?? output.output_type,
        mimes: Object.keys(output.data ?? {}),
        text: String(output.evalue ?? output.text ?? output.data?.['text/plain'] ?? ''),
      })),
    }))`);
}

/** Scrolls through the notebook, a screen at a time, with a picture of each; resolves to how many plots were drawn. */
export async function photograph(page: Page, path: (screen: number) => string): Promise<number> {
  const scroller = '.jp-WindowedPanel-outer';
  const { height, step } = await page.evaluate<{ height: number; step: number }>(
    `(({ scrollHeight, clientHeight }) => ({ height: scrollHeight, step: clientHeight - 100 }))(document.querySelector('${scroller}'))`,
  );
  const plots = new Set<string>();
  for (let screen = 0; screen * step < height && screen < 60; screen++) {
    await page.evaluate(`document.querySelector('${scroller}').scrollTop = ${screen * step}`);
    await page.waitForTimeout(700);
    const titles: string[] = await page.evaluate(
      `[...document.querySelectorAll('.js-plotly-plot')].filter((plot) => plot.querySelector('.main-svg'))
        .map((plot) => plot.closest('.jp-Cell').dataset.windowedListIndex + ' ' + (plot.querySelector('.gtitle')?.textContent ?? ''))`,
    );
    for (const title of titles) plots.add(title);
    await page.screenshot({ path: path(screen + 1) });
  }
  return plots.size;
}
