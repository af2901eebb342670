import { expect, test } from 'vitest';
import { nodeProblem } from '../../src/setup/node-version.mjs';

test.each(['20.19.0', '20.20.2', '22.12.0', '24.1.0', '26.10.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(['18.20.4', '20.18.3', '21.7.3', '22.11.0'])('Node %s is refused with what to do', (version) => {
  expect(nodeProblem(version)).toContain(`Node ${version}`);
  expect(nodeProblem(version)).toContain('https://nodejs.org');
});
