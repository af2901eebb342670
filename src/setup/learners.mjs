// npm run learners [-- text] [--out FOLDER]: copies lessons without their solutions, to hand out in a workshop.
//
//   npm run learners                   all lessons, into out/learners/
//   npm run learners -- text           one, by a part of its name, its number (1) or a path

import './node-version.mjs';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

const { command, Problem } = await import('./problem.mjs');
const { findLesson, lessonsIn } = await import('./lesson-files.mjs');
const { withoutSolutions } = await import('./solutions.mjs');
const { inRoot, notebooks } = await import('./paths.mjs');

await command(async () => {
  const { wanted, folder } = options();
  const lessons =
    wanted === '' ? lessonsIn(notebooks).map((name) => join(notebooks, name)) : [findLesson(wanted, notebooks)];
  mkdirSync(folder, { recursive: true });
  for (const lesson of lessons) {
    const { notebook, removed } = withoutSolutions(JSON.parse(readFileSync(lesson, 'utf8')));
    const place = join(folder, basename(lesson));
    writeFileSync(`${place}.tmp`, `${JSON.stringify(notebook, undefined, 1)}\n`);
    renameSync(`${place}.tmp`, place);
    console.log(`${place}: ${removed} solution${removed === 1 ? '' : 's'} taken out`);
  }
  return 0;
});

function options() {
  try {
    const { values, positionals } = parseArgs({
      options: { out: { type: 'string', default: inRoot('out', 'learners') } },
      allowPositionals: true,
    });
    return { wanted: positionals.join('-'), folder: values.out };
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}.`, 'Usage: npm run learners -- text');
  }
}
