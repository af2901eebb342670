import { expect, test } from 'vitest';
import { knownProblem, Problem } from '../../src/setup/problem.mjs';

test('a problem is one sentence and what to do', () => {
  expect(new Problem('Port 8888 is taken.', 'Choose another.').message).toBe('Port 8888 is taken. Choose another.');
});

test.each([
  ['npm error code ENOSPC', 'The disk is full'],
  ['OSError: [Errno 28] No space left on device', 'The disk is full'],
  ['npm error network request failed, reason: getaddrinfo EAI_AGAIN', 'There is no network'],
  [
    "NewConnectionError('Failed to establish a new connection: [Errno 101] Network is unreachable')",
    'There is no network',
  ],
])('%s is told as: %s', (words, sentence) => {
  expect(knownProblem(words, 'npm ci')?.message).toContain(sentence);
});

test('other words are not guessed at', () => {
  expect(knownProblem('error TS2322: Type string is not assignable', 'the build')).toBeUndefined();
});
