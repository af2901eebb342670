// Progress bars: a widget where the client can draw it, an updated display elsewhere, lines of text in plain Node.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { progress, progressBar } from '../../../src/kernel/widgets/index.js';
import { clock, figures, line } from '../../../src/kernel/widgets/progress-text.js';
import { memoryKernel } from './memory-bridge.js';

afterEach(() => vi.restoreAllMocks());

/** Busy, as training is. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('a widget, where the client asked for widgets, moves while a loop holds the event loop', async () => {
  const client = memoryKernel();
  await client.open('jupyter.widget.control');
  const seen: number[] = [];
  for (const item of progress([1, 2, 3, 4, 5, 6], { label: 'training' })) {
    seen.push(item);
    spin(60);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  const [shown] = client.published;
  // Moved by comms alone; the second is its text in the end, for readers without widgets.
  expect(client.published.map(({ update }) => update)).toEqual([false, true]);
  expect(client.published[1]?.data['text/plain']).toMatch(/^training 100%/);
  const view = shown?.data['application/vnd.jupyter.widget-view+json'] as { model_id: string };
  const box = client.state(view.model_id);
  expect(box._model_name).toBe('HBoxModel');
  const [bar, words] = box.children.map((child: string) => client.state(child.replace('IPY_MODEL_', '')));
  expect(bar).toMatchObject({ description: 'training', value: 6, max: 6, bar_style: 'success' });
  expect(words.value).toMatch(/^6\/6, 0:00 in all, 1\d\.\d\/s$/);
  const values = client.sent.map(({ data }) => data.state?.value).filter((value) => typeof value === 'number');
  expect(values.length).toBeGreaterThanOrEqual(4);
});

test('a display that is updated, where nobody has drawn a widget; ten times a second at most', () => {
  const client = memoryKernel();
  const bar = progressBar(100_000, { label: 'reading' });
  for (let done = 0; done < 100_000; done++) bar.advance();
  bar.end();
  const { published } = client;
  expect(published.length).toBeLessThan(8);
  expect(published.map(({ update }) => update)).toEqual([false, ...published.slice(1).map(() => true)]);
  expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  expect(published.at(-1)?.data['text/plain']).toMatch(
    /^reading 100% \|█{24}\| 100,000\/100,000, 0:00 in all, [\d,]+\/s$/,
  );
  expect(client.sent).toEqual([]);
});

test('a loop that ends early leaves the bar where it was', () => {
  const client = memoryKernel();
  for (const item of progress(new Set(['a', 'b', 'c', 'd']))) if (item === 'b') break;
  expect(client.published.at(-1)?.data['text/plain']).toMatch(/^ 25% \|██████ {18}\| 1\/4, 0:00 in all/);
});

test('a source that does not say how many; asynchronous; the last state is shown although it was soon', async () => {
  const client = memoryKernel();
  async function* words() {
    yield 'one';
    yield 'two';
  }
  for await (const _ of progress(words(), { label: 'words' }));
  expect(client.published.at(-1)?.data['text/plain']).toMatch(/^words 2, 0:00 in all/);
  const bar = progressBar(10);
  bar.done = 4;
  await sleep(130);
  expect(client.published.at(-1)?.data['text/plain']).toContain('4/10');
  bar.end();
});

test.each(['widget', 'display'])('leave: false takes the %s away at its end', async (kind) => {
  const client = memoryKernel();
  if (kind === 'widget') await client.open('jupyter.widget.control');
  for (const _ of progress([1], { leave: false }));
  const opened = client.sent.filter((sent) => sent.kind === 'comm_open').map(({ commId }) => commId);
  expect(opened.filter((id) => client.state(id))).toEqual([]);
  expect(client.published.at(-1)).toMatchObject({ data: { 'text/plain': '' }, update: true });
});

test('in plain Node it is text on stderr', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const _ of progress([1, 2], { label: 'plain' }));
  expect(write.mock.calls.flat().join('')).toMatch(/plain 100% \|█{24}\| 2\/2, 0:00 in all, [\d,.]+\/s\n$/);
});

test('numbers that are none are refused', () => {
  expect(() => progressBar(Number.NaN)).toThrow('progressBar: the total is NaN');
  memoryKernel();
  expect(() => progressBar(3).advance(-1)).toThrow('progressBar: -1 cannot be done');
});

test('what is told: how far, how fast, how long', () => {
  const state = { label: 'x', done: 420, total: 1000, seconds: 5, rate: 84, ended: false };
  expect(line(state)).toBe('x  42% |██████████              | 420/1,000, 84.0/s, 0:07 left');
  expect(figures({ ...state, rate: 0.25 })).toBe('420/1,000, 4.00 s each, 38:40 left');
  expect(figures({ ...state, rate: undefined, total: undefined })).toBe('420');
  expect([7, 65, 3723].map(clock)).toEqual(['0:07', '1:05', '1:02:03']);
});
