import { expect, test } from 'vitest';
import { closingLine, countTests } from '../../src/setup/test-counts.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

test('tests are summed over files, and a file that could not be loaded counts as failed', () => {
  const report = {
    testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed'), file('failed')],
  };
  expect(countTests(JSON.stringify(report))).toEqual({ passed: 3, failed: 2, skipped: 1 });
});

test('the closing line names skipped tests only where there are some', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 2, skipped: 1 })).toBe('3 passed, 2 failed, 1 skipped');
});
