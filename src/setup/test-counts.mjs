// Sums what vitest wrote as JSON.

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed tests, and files that could not even be loaded
 * @property {number} skipped
 */

/**
 * @param {string} json what `vitest --reporter=json` wrote
 * @returns {Counts}
 */
export function countTests(json) {
  /** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(json);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed++;
      else if (test.status === 'failed') counts.failed++;
      else counts.skipped++;
    }
    // A file that fails to load, or whose hooks fail, has no failed test of its own.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) counts.failed++;
  }
  return counts;
}

/**
 * The closing line, for people and for CI.
 *
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
