// Runs other programs: quietly, keeping their words for an error message, or in the open.

import { spawn } from 'node:child_process';

/**
 * @typedef {object} Finished
 * @property {number} code exit status; 130 where the program was interrupted
 * @property {string} words the end of what it printed on both streams
 */

const kept = 20_000;

/**
 * Runs a program without showing its output, except its newest line on a terminal, so that a long step is seen to move.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<Finished>}
 */
export function runQuietly(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let words = '';
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      words = (words + chunk.toString()).slice(-kept);
      const newest =
        words
          .trimEnd()
          .split(/[\r\n]/)
          .at(-1) ?? '';
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K    ${newest.slice(0, process.stdout.columns - 6)}`);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const release = endWith(child);
    child.once('error', reject);
    child.once('close', (code) => {
      if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
      release();
      resolve({ code: code ?? 130, words });
    });
  });
}

/**
 * Runs a program that speaks for itself: it has our terminal.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit status
 */
export function runOpenly(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit' });
    // A terminal sends Ctrl-C to the child too: let it end by itself, and end after it.
    const stay = () => {};
    process.on('SIGINT', stay);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', stay);
      resolve(code ?? 130);
    });
  });
}

/**
 * At Ctrl-C ends the child first, so that it is not still writing when this is run again, and then this process.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} undoes it
 */
function endWith(child) {
  const end = () => {
    child.once('close', () => {
      console.error('\nInterrupted. Run this again to go on: what is already done is kept.');
      process.exit(130);
    });
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  return () => {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  };
}
