import { expect, test } from 'vitest';
import { runSteps } from '../../src/setup/steps.mjs';

test('a step that is done is skipped, another says what it does and how long it took', async () => {
  const lines: string[] = [];
  const ran: string[] = [];
  const step = (name: string, isDone: boolean) => ({
    name,
    doing: 'making it',
    isDone: () => isDone,
    run: () => void ran.push(name),
  });
  await runSteps([step('bread', true), step('jam', false)], (line) => lines.push(line));
  expect(ran).toEqual(['jam']);
  expect(lines[0]).toMatch(/^\[1\/2\] bread: already there \(\d+\.\d s\)$/);
  expect(lines[1]).toBe('[2/2] jam: making it');
  expect(lines[2]).toMatch(/^\[2\/2\] jam: done in \d+\.\d s$/);
});

test('a step that fails ends the run', async () => {
  const fails = { name: 'a', doing: '', isDone: () => false, run: () => Promise.reject(new Error('no')) };
  const never = { name: 'b', doing: '', isDone: () => false, run: () => expect.unreachable() };
  await expect(runSteps([fails, never], () => {})).rejects.toThrow('no');
});
