import { expect, test } from 'vitest';
import { isInstalled } from '../../src/setup/packages.mjs';

const lock = (packages: object) => JSON.stringify({ packages });
const wanted = lock({
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-system': { version: '1.0.0', optional: true },
});

test('what npm recorded is compared with the lock file, package by package', () => {
  expect(isInstalled(wanted, lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } }))).toBe(true);
  expect(isInstalled(wanted, lock({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }))).toBe(false);
  expect(isInstalled(wanted, lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }))).toBe(false);
  expect(isInstalled(wanted, lock({}))).toBe(false);
});
