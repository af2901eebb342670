import { expect, test } from 'vitest';
import { nearDuplicates } from './leakage.js';

test('finds the pair that is nearly the same, and only it', () => {
  const texts = ['Broke after a week!', 'The best soup in town.', 'broke after a  week', 'The worst soup in town.'];
  const pairs = nearDuplicates(texts, 0.9);
  expect(pairs).toEqual([{ first: 'Broke after a week!', second: 'broke after a  week', similarity: 1 }]);
  expect(nearDuplicates(texts, 0.3)).toHaveLength(2);
});

test('short texts are compared whole', () => {
  expect(nearDuplicates(['Fine.', 'fine', 'Fin'], 0.9)).toHaveLength(1);
});
