// The messages that reach a kernel: tslab's own module receives them here, and the announced function of other kernels.

import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jupyterDisplay, type MimeBundle } from '../../src/plots/figure.js';
import type { DisplayContent } from '../../src/plots/kernel.js';
import { live } from '../../src/plots/live.js';
import { progress, progressLine } from '../../src/plots/progress.js';
import { show } from '../../src/plots/show.js';
import { table } from '../../src/plots/table.js';
import { trainingCurve } from '../../src/plots/training-curve.js';

const plotly = 'application/vnd.plotly.v1+json';
const run = (steps: number) =>
  trainingCurve(Array.from({ length: steps }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) })));
const kernel = globalThis as { [jupyterDisplay]?: unknown };

describe('on a kernel', () => {
  let sent: { content: DisplayContent; update: boolean }[] = [];
  const forms = () => sent.map(({ content }) => Object.keys(content.data));
  beforeEach(() => {
    sent = [];
    vi.useFakeTimers();
    kernel[jupyterDisplay] = (content: DisplayContent, update: boolean) => sent.push({ content, update });
  });
  afterEach(() => {
    vi.useRealTimers();
    delete kernel[jupyterDisplay];
  });

  test('a figure goes out in one message, picture and text', () => {
    show(run(3));
    show(table([{ a: 1 }]));
    show({ 'text/markdown': '*hello*' });
    expect(forms()).toEqual([[plotly, 'text/plain'], ['text/html', 'text/plain'], ['text/markdown']]);
    expect(sent.every(({ update }) => !update)).toBe(true);
    expect(JSON.stringify(sent[0]?.content.transient)).toBe('{}');
  });

  test('a live figure: one display, at most two updates a second, the last always drawn, by Plotly', () => {
    const curve = live();
    for (let step = 1; step <= 100; step++) {
      curve.update(() => run(step));
      vi.advanceTimersByTime(20);
    }
    expect(sent.length).toBeGreaterThanOrEqual(4);
    expect(sent.length).toBeLessThanOrEqual(5);
    curve.end();
    curve.end();
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(new Set(sent.map(({ content }) => content.transient.display_id)).size).toBe(1);
    expect(sent.map(({ update }) => update)).toEqual(sent.map((_, i) => i > 0));
    // While it changes it is a sketch: JupyterLab draws a Plotly output once only.
    expect(forms().slice(0, -1)).toEqual(sent.slice(1).map(() => ['text/html', 'text/plain']));
    expect(forms().at(-1)).toEqual([plotly, 'text/plain']);
    expect(lastText(sent)).toContain('Loss over 100 steps');
  });

  test('the last of a burst is shown even if nothing follows', () => {
    const curve = live(run(1));
    for (const steps of [2, 3, 4]) curve.update(run(steps));
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(600);
    expect(sent).toHaveLength(2);
    expect(lastText(sent)).toContain('Loss over 4 steps');
  });

  test('a figure that cannot be made fails the next call, not the timer', () => {
    const curve = live(run(1));
    curve.update(() => trainingCurve([]));
    vi.advanceTimersByTime(600);
    expect(() => curve.update(run(2))).toThrow('trainingCurve: nothing to draw');
  });

  test('the sketch is one image with the alt text, its texts escaped', () => {
    live(
      trainingCurve(
        [
          { step: 1, loss: 1 },
          { step: 2, loss: 0.5 },
        ],
        { title: 'a <b> & c', totalSteps: 10 },
      ),
    );
    const html = sent[0]?.content.data['text/html'] as string;
    expect(html).toMatch(
      /^<svg [^>]*role="img" aria-label="Loss over 2 steps: from 1\.000 at the first to 0\.500 at the last\."/,
    );
    expect(html).toContain('a &lt;b&gt; &amp; c');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('progress: at most four updates a second, and the end', () => {
    const bar = progress(100, 'predicting');
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(20);
      bar.tick(1, `row ${i}`);
    }
    bar.end();
    bar.end();
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(sent.length).toBeLessThanOrEqual(10);
    expect(lastText(sent)).toBe('predicting: 100 of 100 (100%), 2.0 s, row 99');
    expect(sent.at(-1)?.content.data['text/html']).toContain('<progress value="100" max="100" aria-label="predicting"');
  });
});

test('on tslab: found among the loaded modules, several forms in one message', () => {
  const tslab = createRequire(import.meta.url)('tslab/dist/jupyter.js') as { lastWriteDisplayData: unknown };
  const sent: [DisplayContent, boolean][] = [];
  tslab.lastWriteDisplayData = (content: DisplayContent, update: boolean) => sent.push([content, update]);
  try {
    show(run(2));
  } finally {
    tslab.lastWriteDisplayData = null;
  }
  expect(sent).toHaveLength(1);
  expect(Object.keys(sent[0]?.[0].data ?? {})).toEqual([plotly, 'text/plain']);
});

test('in plain Node: text at the end, nothing before, no progress into a pipe', () => {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const curve = live();
  const bar = progress(2, 'work');
  for (const steps of [1, 2]) {
    curve.update(run(steps));
    bar.tick();
  }
  bar.end();
  expect(write).not.toHaveBeenCalled();
  curve.end();
  show(table([{ a: 1 }]));
  const printed = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  expect(printed).toContain('Loss over 2 steps');
  expect(printed.endsWith('a\n1\n')).toBe(true);
});

test.each([
  [42, 'show: nothing to show in 42.'],
  [[{ a: 1 }], 'For an array of records, call show(table(rows)).'],
  [{ a: 1 }, 'show: nothing to show in an object with a.'],
  [null, 'show: nothing to show in null.'],
])('show(%j) says what it takes', (what, message) => {
  expect(() => show(what as unknown as MimeBundle)).toThrow(message);
});

test('the line of progress: what is left once the pace is known', () => {
  const line = { label: 'download', done: 50, total: 200, note: '', ended: false };
  expect(progressLine({ ...line, seconds: 1 })).toBe('download: 50 of 200 (25%), 1.0 s');
  expect(progressLine({ ...line, seconds: 10, note: '9 MB/s' })).toBe(
    'download: 50 of 200 (25%), 10 s, about 30 s left, 9 MB/s',
  );
  expect(progressLine({ ...line, done: 0, total: 0, seconds: 0, ended: true })).toBe('download: 0 of 0 (100%), 0.0 s');
  expect(() => progress(Number.NaN, 'x')).toThrow('progress: total must be a finite number, got NaN.');
});

function lastText(sent: readonly { content: DisplayContent }[]): unknown {
  return sent.at(-1)?.content.data['text/plain'];
}
