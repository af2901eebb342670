import { expect, test } from 'vitest';
import { askPython, findPython } from '../../src/setup/python.mjs';

const python = (minor: number, hasVenv = true) => ({ path: `/opt/3.${minor}`, major: 3, minor, hasVenv });

test('a real Python is found on this machine, and says what it is', () => {
  const found = findPython();
  expect(found.major).toBe(3);
  expect(found.minor).toBeGreaterThanOrEqual(10);
  expect(askPython(found.path)).toEqual(found);
});

test('a program that is no Python is passed over', () => {
  expect(askPython('no-such-program')).toBeUndefined();
  expect(askPython(process.execPath)).toBeUndefined();
});

test('the first that will do is taken, old ones and ones without venv are passed over', () => {
  const there: Record<string, ReturnType<typeof python>> = {
    python3: python(8),
    python: python(12, false),
    'python3.11': python(11),
  };
  expect(findPython(undefined, (name) => there[name])).toEqual(python(11));
});

test('no Python, an old one, one without venv, and a wrong PYTHON each have their own sentence', () => {
  expect(() => findPython(undefined, () => undefined)).toThrow(/No Python was found.*python\.org/);
  expect(() => findPython(undefined, () => python(8))).toThrow(/Python 3\.8 at \/opt\/3\.8 is too old/);
  expect(() => findPython(undefined, () => python(11, false))).toThrow(
    /venv module is missing.*apt install python3\.11-venv/,
  );
  expect(() => findPython('/nowhere', () => undefined)).toThrow(/PYTHON=\/nowhere is no Python that starts/);
});
