import { expect, test } from 'vitest';
import { chosen, readOptions } from '../../bench/options.js';

test('a suite with its options', () => {
  expect(readOptions(['train-step', '--case', 'a', '--case', 'b', '--rounds', '2', '--json'])).toEqual({
    suite: 'train-step',
    cases: ['a', 'b'],
    data: undefined,
    rounds: 2,
    json: true,
  });
});

test('what does not fit is refused with the usage or the choice', () => {
  expect(() => readOptions([])).toThrow('npm run bench -- SUITE');
  expect(() => readOptions(['a', 'b'])).toThrow('One suite at a time');
  expect(() => readOptions(['a', '--rounds', '0'])).toThrow('at least 1; got 0');
  expect(() => chosen([{ name: 'small' }, { name: 'large' }], ['huge'])).toThrow(
    'no case "huge"; the cases are small, large',
  );
});

test('no case named means all', () => {
  const all = [{ name: 'small' }, { name: 'large' }];
  expect(chosen(all, [])).toEqual(all);
  expect(chosen(all, ['large'])).toEqual([{ name: 'large' }]);
});
