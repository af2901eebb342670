import { expect, test } from 'vitest';
import { Problem } from '../../src/setup/problem.mjs';
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

test('a step that is optional may fail: the rest is done, and the problem is told', async () => {
  const lines: string[] = [];
  const ran: string[] = [];
  const needsNetwork = { name: 'a', doing: 'fetching', isDone: () => false, optional: true };
  const offline = () => Promise.reject(new Problem('There is no network.', 'Run npm run a later.'));
  const last = { name: 'b', doing: '', isDone: () => false, run: () => void ran.push('b') };
  await runSteps([{ ...needsNetwork, run: offline }, last], (line) => lines.push(line));
  expect(ran).toEqual(['b']);
  expect(lines).toContain('[1/2] a: left out. There is no network. Run npm run a later.');
  // Anything but a `Problem` is a mistake of the program.
  const mistake = () => Promise.reject(new Error('no'));
  await expect(runSteps([{ ...needsNetwork, run: mistake }], () => {})).rejects.toThrow('no');
});
