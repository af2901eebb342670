// XGBoost's C library (https://xgboost.readthedocs.io/en/stable/c.html), loaded at first use from where set-up has put
// it.
//
//   const xgb = library();
//   xgb.call('xgboost().fit', 'XGBoosterUpdateOneIter', booster, 0, matrix);   // throws an XgboostError with XGBoost's own words
//
// Every function of the C API gives 0, or -1 and then its message by XGBGetLastError. Handles are pointers, as bigint.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packagePath } from '../../hub/package-root.js';

/** The same as in src/setup/xgboost-library.mjs. */
export const xgboostVersion = '3.2.0';

/** XGBoost refused something. The message is its own, after the name of the call here. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
}

/**
 * The functions in use, as C declares them; `void *` takes a handle, a typed array that receives something, or null.
 */
const signatures = {
  XGBRegisterLogCallback: 'int XGBRegisterLogCallback(void *callback)',
  XGDMatrixCreateFromColumnar: 'int XGDMatrixCreateFromColumnar(const char *data, const char *config, void *out)',
  XGDMatrixSetInfoFromInterface: 'int XGDMatrixSetInfoFromInterface(void *handle, const char *field, const char *data)',
  XGDMatrixSetStrFeatureInfo:
    'int XGDMatrixSetStrFeatureInfo(void *handle, const char *field, const char **features, uint64_t size)',
  XGDMatrixFree: 'int XGDMatrixFree(void *handle)',
  XGBoosterCreate: 'int XGBoosterCreate(void *matrices, uint64_t length, void *out)',
  XGBoosterFree: 'int XGBoosterFree(void *handle)',
  XGBoosterReset: 'int XGBoosterReset(void *handle)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void *handle, const char *name, const char *value)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void *handle, int iteration, void *train)',
  XGBoosterTrainOneIter:
    'int XGBoosterTrainOneIter(void *handle, void *train, int iteration, const char *gradient, const char *hessian)',
  XGBoosterEvalOneIter:
    'int XGBoosterEvalOneIter(void *handle, int iteration, void *matrices, const char **names, uint64_t length, void *out)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void *handle, void *matrix, const char *config, void *shape, void *dimensions, void *out)',
  XGBoosterLoadModelFromBuffer: 'int XGBoosterLoadModelFromBuffer(void *handle, void *buffer, uint64_t length)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void *handle, const char *config, void *length, void *out)',
  XGBoosterSetAttr: 'int XGBoosterSetAttr(void *handle, const char *key, const char *value)',
  XGBoosterSetStrFeatureInfo:
    'int XGBoosterSetStrFeatureInfo(void *handle, const char *field, const char **features, uint64_t size)',
  XGBoosterFeatureScore:
    'int XGBoosterFeatureScore(void *handle, const char *config, void *count, void *features, void *dimensions, void *shape, void *scores)',
} as const;

export type FunctionName = keyof typeof signatures;
export type Argument = bigint | number | string | null | ArrayBufferView | readonly string[];

export interface Library {
  /** Calls a function of the C API for `who`, which stands in the message of an error. */
  call(who: string, name: FunctionName, ...args: Argument[]): void;
  /** Copies numbers out of the library's memory. */
  floats(pointer: bigint, length: number): Float32Array;
  counts(pointer: bigint, length: number): number[];
  text(pointer: bigint, length: number): string;
  /** An array of C strings. */
  texts(pointer: bigint, length: number): string[];
  /** Where a typed array's numbers lie. Good as long as the array is alive. */
  address(array: ArrayBufferView): bigint;
  /** What XGBoost has warned of since this was last asked. It prints nothing itself. */
  warnings(): string[];
}

let loaded: Library | undefined;

/**
 * The library, loaded by the first call.
 * @throws Error naming `npm run xgboost` where it is not there, or saying why it cannot be loaded
 */
export function library(): Library {
  loaded ??= openLibrary(libraryPath());
  return loaded;
}

/** Prints what XGBoost has warned of as warnings of this program; `look` sees each before, and may throw. */
export function passOnWarnings(look: (warning: string) => void = () => {}): void {
  for (const warning of library().warnings()) {
    look(warning);
    console.warn(`XGBoost: ${warning}`);
  }
}

/** Where set-up puts the library for this system. */
export function libraryPath(): string {
  const file = { win32: 'xgboost.dll', darwin: 'libxgboost.dylib' }[process.platform as string] ?? 'libxgboost.so';
  const folder = `${xgboostVersion}-${process.platform}-${process.arch}`;
  return packagePath('.cache', 'xgboost', folder, 'xgboost', 'lib', file);
}

/** Whether xgboost() can be used here. */
export const hasXgboost = (): boolean => existsSync(libraryPath());

/** @throws Error where there is no such file, or it cannot be loaded */
export function openLibrary(path: string): Library {
  if (!existsSync(path))
    throw new Error(
      `XGBoost’s library is not here: ${path} is missing. Run npm run xgboost, which fetches it (6 MB, or says why there is none for this system). orderedBoosting() grows trees without it.`,
    );
  // By require and not import: a type of koffi's stands for every C type, and loading its binary takes a moment.
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  let shared: ReturnType<typeof koffi.load>;
  try {
    shared = koffi.load(path);
  } catch (error) {
    throw new Error(`XGBoost’s library cannot be loaded (${(error as Error).message}).${openMp()}`, { cause: error });
  }
  const functions = Object.fromEntries(
    Object.entries(signatures).map(([name, signature]) => [name, shared.func(signature)]),
  ) as unknown as Record<FunctionName, (...args: readonly unknown[]) => number>;
  const lastError = shared.func('const char *XGBGetLastError()');

  let warnings: string[] = [];
  const remember = (line: string) => {
    warnings.push(withoutPlace(line));
  };
  const callback = koffi.register(remember, koffi.pointer(koffi.proto('void XgboostLog(const char *line)')));
  functions.XGBRegisterLogCallback(callback);

  return {
    call(who, name, ...args) {
      if (functions[name](...args) === 0) return;
      throw new XgboostError(`${who}: ${withoutPlace(lastError())}`);
    },
    floats: (pointer, length) => (length === 0 ? new Float32Array() : koffi.decode(pointer, 'float', length)),
    counts: (pointer, length) => Array.from(koffi.decode(pointer, 'uint64_t', length) as ArrayLike<bigint>, Number),
    text: (pointer, length) => koffi.decode.string(pointer, length),
    texts: (pointer, length) => (length === 0 ? [] : koffi.decode(pointer, 'const char *', length)),
    address: (array) => koffi.address(array),
    warnings() {
      const since = warnings;
      warnings = [];
      return since;
    },
  };
}

/** A message without the time and the C++ line it begins with, and without the stack of C++ calls it may end in. */
export const withoutPlace = (message: string): string =>
  message
    .replace(/\n\s*Stack trace:[\s\S]*$/i, '')
    .replace(/^\[\d\d:\d\d:\d\d\] (?:WARNING: )?(?:\S+:\d+: )?/, '')
    .trim();

function openMp(): string {
  if (process.platform === 'darwin') return ' On a Mac it needs OpenMP: brew install libomp.';
  if (process.platform === 'win32') return ' It needs vcomp140.dll, of the Microsoft Visual C++ redistributable.';
  return '';
}
