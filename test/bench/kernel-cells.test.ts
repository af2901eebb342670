import { expect, test } from 'vitest';
import { asked, followingCells, smallCell, smallNotebook } from '../../bench/suites/kernel-cells.js';

test('small cells have names of their own, a type, and a directive where they go unchecked', () => {
  expect(smallCell(7, { language: 'typescript', checked: true })).toBe('const x7: number = 7 + 12; x7');
  expect(smallCell(8, { language: 'typescript', checked: false })).toBe(
    '// @ts-nocheck\nconst x8: number = 8 + 12; x8',
  );
  expect(smallCell(9, { language: 'python', checked: false })).toBe('x9: int = 9 + 12; x9');
});

test('a place says what to complete and what to inspect', () => {
  expect(asked('words.filt|er', 'complete_request')).toEqual({
    kind: 'complete_request',
    code: 'words.filt',
    cursor: 10,
    expected: 'filter',
  });
  expect(asked('AutoToken|izer', 'inspect_request')).toMatchObject({
    code: 'AutoTokenizer',
    expected: 'AutoTokenizer',
  });
});

test('every place can be read, and both languages have as many', () => {
  const { typescript, python } = smallNotebook.places;
  expect(typescript).toHaveLength(python.length);
  for (const place of [...typescript, ...python]) expect(asked(place, 'inspect_request').expected).not.toBe('');
});

test('twenty different cells follow the imports', () => {
  expect(new Set(followingCells).size).toBe(20);
});
