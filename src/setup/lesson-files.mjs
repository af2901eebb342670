// Finds the notebook that a person means by a name, a number or a path.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Problem } from './problem.mjs';

/**
 * The lessons of a folder, in order.
 *
 * @param {string} folder
 * @returns {string[]} file names
 */
export function lessonsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb') && !name.startsWith('.'))
    .sort();
}

/**
 * @param {string} wanted `text`, `1`, `01-text` or `some/where/mine.ipynb`
 * @param {string} folder where the lessons are
 * @returns {string} absolute path
 * @throws {Problem} that lists the lessons where none, or more than one, is meant
 */
export function findLesson(wanted, folder) {
  if (wanted.endsWith('.ipynb') && existsSync(wanted) && statSync(wanted).isFile()) return resolve(wanted);
  const lessons = lessonsIn(folder);
  const name = basename(wanted, '.ipynb').toLowerCase();
  const isNumber = /^\d+$/.test(name);
  const fits = (/** @type {string} */ lesson) =>
    isNumber ? Number.parseInt(lesson, 10) === Number(name) : lesson.toLowerCase().includes(name);
  const exact = lessons.filter((lesson) => basename(lesson, '.ipynb').toLowerCase() === name);
  const found = exact.length > 0 ? exact : lessons.filter((lesson) => name !== '' && fits(lesson));
  if (found.length === 1) return join(folder, found[0] ?? '');
  const list = lessons.length > 0 ? lessons.map((lesson) => basename(lesson, '.ipynb')).join(', ') : 'none';
  const sentence =
    found.length > 1
      ? `“${wanted}” fits ${found.length} lessons.`
      : wanted
        ? `No lesson is called “${wanted}”.`
        : 'Which lesson?';
  throw new Problem(sentence, `The lessons are: ${list}. For instance: npm run lesson -- text`);
}
