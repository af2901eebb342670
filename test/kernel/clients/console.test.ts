// jupyter console: the kernel in a terminal.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runPython, skipped, why, workFolder } from './clients.js';

// Each line typed, and what must appear before the next.
const conversation = `import sys, pexpect
child = pexpect.spawn(sys.executable, ["-m", "jupyter_console", "--kernel", "typescript", "--simple-prompt"],
                      encoding="utf8", timeout=30, dimensions=(40, 120))
said = open("said.txt", "w")
child.logfile_read = said
child.expect(r"In \\[1\\]:")
for line, answer in [
    ("const xs: number[] = [1, 2]; xs", r"Out\\[1\\]: \\[ 1, 2 \\]"),
    ("console.log('printed', await Promise.resolve(xs.length))", "printed 2"),
    ("throw new RangeError('too far')", "RangeError: too far"),
    ("prompt('Your name?')", r"Your name\\? ?"),
    ("Ada", r"Out\\[4\\]: 'Ada'"),
    ("const n: number = 'x'", "TS2322"),
    ("xs.push(3)", r"Out\\[6\\]: 3"),
]:
    child.sendline(line)
    child.expect(answer)
child.sendeof()
child.expect([r"\\[y\\]/n", "(?i)exit", pexpect.EOF])
child.sendline("y")
child.expect(pexpect.EOF)
print("done")
`;

describe.skipIf(skipped || process.platform === 'win32')(`jupyter console${why}`, () => {
  const folder = workFolder();

  test('values, printed text, errors, a question and a type error, line by line', async () => {
    await writeFile(join(folder, 'talk.py'), conversation);
    const { code, words } = await runPython(folder, ['talk.py']);
    expect(code, words).toBe(0);
    expect(words).toContain('done');
  });
});
