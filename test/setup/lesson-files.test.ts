import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLesson, lessonsIn } from '../../src/setup/lesson-files.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lessons-'));
  for (const name of ['01-text', '02-tables', '03-vision-text']) await writeFile(join(folder, `${name}.ipynb`), '{}');
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['01-text', '01-text'],
  ['01', '01-text'],
  ['2', '02-tables'],
  ['tab', '02-tables'],
  ['Vision', '03-vision-text'],
])('“%s” means %s', (wanted, name) => {
  expect(findLesson(wanted, folder)).toBe(join(folder, `${name}.ipynb`));
});

test('a path means the file there', () => {
  const path = join(folder, '02-tables.ipynb');
  expect(findLesson(path, '/elsewhere')).toBe(path);
});

test('an unknown or ambiguous name lists the lessons', () => {
  expect(() => findLesson('audio', folder)).toThrow(/No lesson is called “audio”.*01-text, 02-tables, 03-vision-text/);
  expect(() => findLesson('text', folder)).toThrow(/fits 2 lessons/);
  expect(() => findLesson('', folder)).toThrow(/Which lesson\?/);
});

test('a folder that is not there has no lessons', () => {
  expect(lessonsIn(join(folder, 'missing'))).toEqual([]);
});
