// Every picture of tables, drawn by Plotly in a browser: valid, titled, labelled, nothing cut off, nothing fetched.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Board, chromiumPath, openBoard, withoutChromium } from './browser.js';
import { customers, examples } from './tabular-figures.js';

describe.skipIf(!chromiumPath)(`pictures of tables${chromiumPath ? '' : ` (skipped: ${withoutChromium})`}`, () => {
  let board: Board;
  beforeAll(async () => {
    board = await openBoard();
  });
  afterAll(() => board.close());

  test.each(Object.entries(examples))('%s', async (_, { picture, title, axes }) => {
    const seen = await board.draw(picture, 640); // as narrow as a page gets
    expect(seen.complaints).toEqual([]);
    expect(seen.requests).toEqual([]);
    expect(seen.title).toContain(title);
    expect(seen.axisTitles.filter((text) => text !== '').sort()).toEqual([...axes].sort());
    expect(seen.overlaps).toEqual([]);
    expect(seen.cutOff).toEqual([]);
  });

  test('names are drawn as they are, markup and all', async () => {
    const name = customers.names.find((column) => column.includes('<')) as string;
    for (const example of ['importance', 'waterfall'] as const) {
      const seen = await board.draw(examples[example]?.picture as never);
      expect(seen.texts.some((text) => text.includes(name))).toBe(true);
    }
  });
});
