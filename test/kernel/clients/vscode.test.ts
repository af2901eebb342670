// VS Code's Jupyter extension cannot be run here; what it does with a kernel is in as_vscode.py, after its source code.

import { describe, expect, test } from 'vitest';
import { inRoot } from '../../../src/setup/paths.mjs';
import { runPython, skipped, why, workFolder } from './clients.js';

describe.skipIf(skipped)(`what VS Code does with a kernel${why}`, () => {
  const folder = workFolder();

  test('it starts, is interrupted by a message on shell, says nothing of its own, and leaves nothing behind', async () => {
    const { code, words } = await runPython(folder, [inRoot('test', 'kernel', 'clients', 'as_vscode.py')]);
    expect(code, words).toBe(0);
    const stopped = [
      ['interrupt_reply', 'ok'],
      ['execute_reply', 'error'],
    ];
    expect(JSON.parse(words)).toEqual({
      interrupt_mode: 'message',
      language: 'typescript',
      interrupts: [stopped, stopped],
      after: 'ok',
      words: '',
      left: 0,
    });
  });
});
