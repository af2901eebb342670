// npm run learners: lessons without their solutions, with everything else as it is.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lessonsIn } from '../../src/setup/lesson-files.mjs';
import { inRoot, notebooks } from '../../src/setup/paths.mjs';
import { withoutSolutions } from '../../src/setup/solutions.mjs';
import { temporaryFolder } from '../references.js';

const cell = (source: string, ...tags: string[]) => ({
  cell_type: 'code',
  source,
  metadata: tags.length > 0 ? { tags } : {},
});
const run = (...args: string[]) =>
  spawnSync(process.execPath, [inRoot('src', 'setup', 'learners.mjs'), ...args], { encoding: 'utf8' });

describe('withoutSolutions', () => {
  it('takes out the cells with the tag, and nothing else', () => {
    const notebook = {
      nbformat: 4,
      cells: [cell('task', 'exercise'), cell('answer', 'solution'), cell('hint', 'hint'), cell('plain')],
    };
    const { notebook: learners, removed } = withoutSolutions(notebook);
    expect(removed).toBe(1);
    expect(learners).toEqual({ nbformat: 4, cells: [notebook.cells[0], notebook.cells[2], notebook.cells[3]] });
    expect(notebook.cells).toHaveLength(4);
  });
});

describe('npm run learners', () => {
  it('writes every lesson', () => {
    const out = join(temporaryFolder(), 'learners');
    const { status, stdout } = run('--out', out);
    expect(status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(lessonsIn(notebooks));
    expect(stdout).toMatch(/01-text\.ipynb: 3 solutions taken out/);
    const text = readFileSync(join(out, '01-text.ipynb'), 'utf8');
    expect(text).toContain('"exercise"');
    expect(text).toContain('"hint"');
    expect(text).not.toContain('"solution"');
  });

  it('says which lessons there are where none is meant', () => {
    const { status, stderr } = run('poetry');
    expect(status).not.toBe(0);
    expect(stderr).toContain('No lesson is called “poetry”.');
  });
});
