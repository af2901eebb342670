import { expect, it } from 'vitest';
import { picture } from '../../bench/picture.js';

it('draws two bars a row, a panel for each metric, and says all of it in words', () => {
  const row = { case: 'a<b', metric: 'ms per step', ours: 20, reference: 40, referenceName: 'pytorch 2', ratio: 0.5 };
  const svg = picture({
    suite: 'strategies',
    rows: [row, { ...row, metric: 'MB', ours: 1.5, reference: 0 }],
    notes: [],
  });
  expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(svg).toContain('<desc>a&lt;b, ms per step: 20 against 40; a&lt;b, MB: 1.50 against 0.00</desc>');
  expect([...svg.matchAll(/width="([\d.]+)" height="13" fill="#(\w+)"/g)].map(([, width]) => Number(width))).toEqual([
    250, 500, 500, 0,
  ]);
});
