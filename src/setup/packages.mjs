// The npm packages of package-lock.json, exactly, with nobody's install script run.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requireSpace } from './disk.mjs';
import { inRoot, root } from './paths.mjs';
import { knownProblem, Problem } from './problem.mjs';
import { runQuietly } from './run.mjs';

/** node_modules holds about this much. */
const bytes = 900e6;

/** What npm has in its cache it need not ask for; without a network it gives up in seconds instead of minutes. */
const patience = [
  '--prefer-offline',
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=8000',
];

/** @type {import('./steps.mjs').Step} */
export const packages = {
  name: 'npm packages',
  doing: 'installing those of package-lock.json, about a minute',
  isDone: () => {
    const installed = inRoot('node_modules', '.package-lock.json');
    if (!existsSync(installed)) return false;
    return isInstalled(readFileSync(inRoot('package-lock.json'), 'utf8'), readFileSync(installed, 'utf8'));
  },
  run: async () => {
    requireSpace(root, bytes);
    const { program, first, shell } = npm();
    const options = [
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      ...patience,
    ];
    const { code, words } = await runQuietly(program, [...first, ...options], { cwd: root, shell });
    if (code === 0) return;
    throw (
      knownProblem(words, 'npm ci') ??
      new Problem(`npm ci failed (exit ${code}):\n${words.trim().slice(-1500)}\n`, 'Mend that and run this again.')
    );
  },
};

/**
 * Whether npm's own record of what it installed, which it writes last, has all that the lock file asks for.
 *
 * @param {string} lock text of package-lock.json
 * @param {string} installed text of node_modules/.package-lock.json
 */
export function isInstalled(lock, installed) {
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */
  /** @type {Packages} */
  const wanted = JSON.parse(lock).packages;
  /** @type {Packages} */
  const have = JSON.parse(installed).packages;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true; // the project itself
    const found = have[path];
    // Optional packages are left out on systems they are not for.
    if (!found) return optional === true;
    // The lock file may lack the hash of packages for other systems.
    return found.version === version && (integrity === undefined || found.integrity === integrity);
  });
}

/** The npm that runs us, else the one beside this node, else the one on the path. */
function npm() {
  const beside = [
    process.env.npm_execpath ?? '',
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => /npm-cli\.c?js$/.test(path) && existsSync(path));
  return beside
    ? { program: process.execPath, first: [beside], shell: false }
    : { program: 'npm', first: [], shell: process.platform === 'win32' };
}
