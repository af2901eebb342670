// Which wheel TensorFlow's C library comes from on this system, pinned by hash, and how it is fetched. tfjs-node's own
// source of it, a storage bucket, answers nobody any more (https://github.com/tensorflow/tfjs/issues/8742).

import { inRoot } from './paths.mjs';
import { chooseWheel } from './wheel.mjs';

/** TensorFlow's version: the last whose wheels hold one C library for each of these systems, and the smallest that works. */
const version = '2.15.1';

/**
 * By `process.platform`-`process.arch`. The C library does not depend on Python's version: any wheel of a system will do.
 *
 * @type {Readonly<Record<string, import('./wheel.mjs').Wheel>>}
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
 * The wheel for this system, or another.
 *
 * @param {string} [system] `process.platform`-`process.arch`
 * @param {boolean} [musl] whether the C library of the system is musl, which the wheels are not made for
 * @throws {import('./problem.mjs').Problem} where there is none
 */
export const wheelFor = (system, musl) => chooseWheel('TensorFlow’s C library', wheels, without, system, musl);

/** Where the wheel lies until the library made from it works. */
export const wheelFolder = inRoot('.cache', 'tensorflow-wheel');
