// nbgrader: an assignment in TypeScript is made, submitted by three students, and graded by running it.
//
// nbgrader looks for "BEGIN SOLUTION" and its like anywhere in a line, so that they stand in TypeScript's comments; but it
// knows no stub for TypeScript, and refuses to make the assignment until nbgrader_config.py gives it one.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNotebook, runModule, runPython, skipped, textOf, why, workFolder, writeNotebook } from './clients.js';

const stub = String.raw`c.ClearSolutions.code_stub = {"typescript": "// YOUR CODE HERE\nthrow new Error('Not done yet.');"}`;

const cell = (grade_id: string, kind: { grade?: boolean; solution?: boolean; points?: number; locked?: boolean }) => ({
  nbgrader: { schema_version: 3, grade: false, solution: false, locked: false, task: false, grade_id, ...kind },
});

const solution = `export function double(n: number): number {
  // ### BEGIN SOLUTION
  return 2 * n;
  // ### END SOLUTION
}`;
const check = `import assert from 'node:assert/strict';
assert.equal(double(2), 4);
// ### BEGIN HIDDEN TESTS
assert.equal(double(-1.5), -3);
// ### END HIDDEN TESTS`;

describe.skipIf(skipped)(`nbgrader${why}`, () => {
  const folder = workFolder();
  const nbgrader = (...args: string[]) => runModule(folder, 'nbgrader', args);
  const config = (lines: string) => writeFile(join(folder, 'nbgrader_config.py'), `c = get_config()\n${lines}\n`);

  beforeAll(async () => {
    await mkdir(join(folder, 'source', 'one'), { recursive: true });
    writeNotebook(join(folder, 'source', 'one', 'double.ipynb'), [
      [solution, cell('double', { solution: true })],
      [check, cell('check', { grade: true, locked: true, points: 3 })],
    ]);
  });

  test('without a stub for TypeScript it refuses, and names the setting', async () => {
    await config('c.CourseDirectory.course_id = "typescript"');
    const { code, words } = await nbgrader('generate_assignment', 'one', '--create');
    expect(code).not.toBe(0);
    expect(words).toContain("language 'typescript' has not been specified in ClearSolutions.code_stub");
  });

  test('with one, solutions and hidden tests are taken out of what students get', async () => {
    await config(`c.CourseDirectory.course_id = "typescript"\n${stub}`);
    const { code, words } = await nbgrader('generate_assignment', 'one', '--create', '--force');
    expect(code, words).toBe(0);
    const { cells } = await readNotebook(join(folder, 'release', 'one', 'double.ipynb'));
    const [task, tests] = cells.map(({ source }) => (Array.isArray(source) ? source.join('') : source));
    expect(task).toBe(
      "export function double(n: number): number {\n  // YOUR CODE HERE\n  throw new Error('Not done yet.');\n}",
    );
    expect(tests).not.toContain('HIDDEN');
    expect(tests).toContain('assert.equal(double(2), 4);');
  });

  test('submissions are graded: right, wrong in the hidden test, not done, and one that does not compile', async () => {
    const release = await readFile(join(folder, 'release', 'one', 'double.ipynb'), 'utf8');
    const answers = {
      ada: 'return n + n;',
      bob: 'return n * n;',
      cleo: "throw new Error('Not done yet.');",
      dan: "return 'two';",
    };
    for (const [student, answer] of Object.entries(answers)) {
      const place = join(folder, 'submitted', student, 'one');
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'double.ipynb'), release.replace("throw new Error('Not done yet.');", answer));
    }
    const { code, words } = await nbgrader('autograde', 'one', '--create');
    expect(code, words).toBe(0);
    const program = `from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    for s in sorted(book.assignment_submissions("one"), key=lambda s: s.student.id):
        print(s.student.id, s.score, s.max_score)
`;
    const scores = await runPython(folder, ['-c', program]);
    expect(scores.words.match(/^\w+ \d\.\d \d\.\d$/gm), scores.words).toEqual([
      'ada 3.0 3.0',
      'bob 0.0 3.0',
      'cleo 0.0 3.0',
      'dan 0.0 3.0',
    ]);
    const graded = await readNotebook(join(folder, 'autograded', 'bob', 'one', 'double.ipynb'));
    expect(textOf(graded.cells[1]?.outputs)).toContain('AssertionError');
  });

  test('feedback is a page with the error in it', async () => {
    const { code, words } = await nbgrader('generate_feedback', 'one');
    expect(code, words).toBe(0);
    expect(await readFile(join(folder, 'feedback', 'bob', 'one', 'double.html'), 'utf8')).toContain('AssertionError');
  });
});
