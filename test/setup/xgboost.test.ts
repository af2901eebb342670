import { expect, it } from 'vitest';
import { version, wheelFor, wheels, xgboostLibrary } from '../../src/setup/xgboost-library.mjs';

it.each([
  [
    'linux-riscv64',
    false,
    'there are wheels with it for linux-x64, linux-arm64, darwin-arm64, darwin-x64, win32-x64 only',
  ],
  ['linux-x64', true, 'linux-x64 with musl (Alpine Linux)'],
])('where the library cannot be had, that is said: %s, musl %s', (system, musl, words) => {
  expect(() => wheelFor(system, musl)).toThrow(words);
  expect(() => wheelFor(system, musl)).toThrow('Everything but xgboost() works without it');
});

it('each wheel is one of the version that is pinned, by hash', () => {
  expect(wheelFor('linux-x64', false)).toBe(wheels['linux-x64']);
  for (const { requirement, platform, file, sha256, bytes } of Object.values(wheels)) {
    const [name = ''] = requirement.split('==');
    expect(requirement).toBe(`${name}==${version}`);
    expect(file).toBe(`${name.replaceAll('-', '_')}-${version}-py3-none-${platform}.whl`);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(2e6);
  }
});

it('set-up goes on without it', () => expect(xgboostLibrary.optional).toBe(true));
