// Run by itself, in a process that may crash: whether a freshly built binding computes with tfjs-node's JavaScript.
//
//   node src/setup/tensorflow-check.mjs FOLDER       prints 19,22,43,50

import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';

const require = createRequire(import.meta.url);
// As src/engine/native.ts does: newer Nodes lack the first.
Object.assign(util, { isNullOrUndefined: (/** @type {unknown} */ value) => value == null, isArray: Array.isArray });
const tf = require('@tensorflow/tfjs');
require('@tensorflow/tfjs-node/dist/register_all_kernels.js');
const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js');
const binding = require(join(process.argv[2] ?? '', 'tfjs_binding.node'));
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node'));
tf.setBackend('tensorflow');
const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]); // biome-ignore format: two matrices
console.log(String(product.dataSync()));
