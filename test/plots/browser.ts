// Draws figures with the Plotly of node_modules in headless Chromium and says what a reader would see.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { type Figure, mimeBundle } from '../../src/plots/figure.js';

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser to draw with, or undefined where there is none. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));
export const withoutChromium = 'no Chromium found: install it or set CHROMIUM to its path';

export interface Drawn {
  /** Errors and warnings of Plotly and the page. */
  readonly complaints: readonly string[];
  readonly title: string;
  readonly axisTitles: readonly string[];
  /** Every text drawn, axis ticks and names included. */
  readonly texts: readonly string[];
  /** Names beside points that lie on each other, and texts cut off by the picture's edge. */
  readonly overlaps: readonly string[];
  readonly cutOff: readonly string[];
  readonly requests: readonly string[];
}

/** A page with Plotly loaded, to draw one figure after the other. */
export interface Board {
  draw(picture: Figure, width?: number): Promise<Drawn>;
  close(): Promise<void>;
}

export async function openBoard(): Promise<Board> {
  const browser = await chromium.launch({
    executablePath: chromiumPath as string,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  await page.setContent('<!doctype html><meta charset="utf-8"><div id="picture"></div>');
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('plotly.js-dist/plotly.js') });
  return { draw: (picture, width = 860) => draw(page, picture, width), close: () => browser.close() };
}

async function draw(page: Page, picture: Figure, width: number): Promise<Drawn> {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.removeAllListeners();
  page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith('http') && requests.push(request.url()));
  await page.setViewportSize({ width, height: 1000 });
  const bundle = JSON.parse(JSON.stringify(mimeBundle(picture)))['application/vnd.plotly.v1+json'];
  const script = `(async ({ data, layout, config }) => {
    const invalid = Plotly.validate(data, layout) ?? [];
    for (const { msg } of invalid) console.warn(msg);
    Plotly.purge('picture');
    await Plotly.newPlot('picture', data, layout, config);
    const all = [...document.querySelectorAll('#picture svg text')].filter((text) => text.textContent.trim() !== '');
    const box = (element) => element.getBoundingClientRect();
    const names = [...document.querySelectorAll('#picture .annotation text')];
    const overlaps = names.flatMap((a, i) => names.slice(i + 1).filter((b) => {
      const [p, q] = [box(a), box(b)];
      return Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3;
    }).map((b) => a.textContent + ' / ' + b.textContent));
    const frame = box(document.querySelector('#picture .main-svg'));
    const cutOff = all.filter((text) => {
      const { left, right, top, bottom } = box(text);
      return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
    }).map((text) => text.textContent);
    return {
      title: document.querySelector('#picture .gtitle')?.textContent ?? '',
      axisTitles: [...document.querySelectorAll('#picture .xtitle, #picture .x2title, #picture .x3title, #picture .x4title, #picture .ytitle, #picture .y2title')].map((text) => text.textContent),
      texts: all.map((text) => text.textContent),
      overlaps, cutOff,
    };
  })(${JSON.stringify(bundle)})`;
  const seen = (await page.evaluate(script)) as Omit<Drawn, 'complaints' | 'requests'>;
  return { ...seen, complaints, requests };
}
