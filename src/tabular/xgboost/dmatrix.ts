// XGBoost's table, a DMatrix, made from our columns where they lie: XGBoost is told the address of each typed array and
// reads it once, into 32-bit floats in its own order. Nothing is copied here but the codes of categorical columns with
// missing values.
//
//   const matrix = new DMatrix(columns, { labels, weights, threads: 2 });
//   matrix.dispose();

import type { CategoricalColumn, Column } from '../table/column.js';
import { lengthOf, missingOf } from '../table/column.js';
import { type Library, library } from './library.js';

export interface DMatrixOptions {
  /** For errors: whose matrix it is. */
  readonly who: string;
  /** One a row. */
  readonly labels?: Float64Array;
  /** One a row. */
  readonly weights?: ArrayLike<number>;
  /** 0 for all cores. */
  readonly threads?: number;
  /** Tells XGBoost the names of categories, so that they go into the model's file. */
  readonly categories?: boolean;
}

/** Frees the matrices whose owner forgot to. */
const forgotten = new FinalizationRegistry<bigint>((handle) => library().call('DMatrix', 'XGDMatrixFree', handle));

export class DMatrix {
  readonly rowCount: number;
  readonly handle: bigint;
  #alive = true;

  /** @throws XgboostError if XGBoost refuses the data, such as an infinite number */
  constructor(columns: readonly Column[], { who, labels, weights, threads = 0, categories = false }: DMatrixOptions) {
    const xgb = library();
    this.rowCount = columns[0] === undefined ? 0 : lengthOf(columns[0]);
    const held = new Held(xgb);
    const data = columns.map((column) => {
      if (column.kind !== 'categorical') return held.interface(column.values);
      const codes = held.interface(missingOf(column) > 0 ? floatCodes(column) : column.codes);
      return categories && column.categories.length > 0 ? [held.names(column.categories), codes] : codes;
    });
    const out = new BigUint64Array(1);
    // NaN is no JSON, but XGBoost reads it, and it stands for what is missing.
    const config = `{"missing": NaN, "nthread": ${threads}}`;
    xgb.call(who, 'XGDMatrixCreateFromColumnar', JSON.stringify(data), config, out);
    this.handle = out[0] as bigint;
    forgotten.register(this, this.handle, this);
    try {
      const names = columns.map(({ name }) => name);
      xgb.call(who, 'XGDMatrixSetStrFeatureInfo', this.handle, 'feature_name', names, names.length);
      const types = columns.map(typeOf);
      xgb.call(who, 'XGDMatrixSetStrFeatureInfo', this.handle, 'feature_type', types, types.length);
      if (labels !== undefined) this.#setInfo(who, held, 'label', labels);
      if (weights !== undefined) this.#setInfo(who, held, 'weight', Float64Array.from(weights));
    } catch (error) {
      this.dispose();
      throw error;
    } finally {
      held.release();
    }
  }

  #setInfo(who: string, held: Held, field: string, values: Float64Array): void {
    library().call(who, 'XGDMatrixSetInfoFromInterface', this.handle, field, JSON.stringify(held.interface(values)));
  }

  dispose(): void {
    if (!this.#alive) return;
    this.#alive = false;
    forgotten.unregister(this);
    library().call('DMatrix', 'XGDMatrixFree', this.handle);
  }
}

/** What XGBoost calls a column's kind. */
export const typeOf = (column: { readonly kind: string }): string => (column.kind === 'categorical' ? 'c' : 'float');

/** Codes with NaN for what is missing: as integers XGBoost would take -1 for a category. */
const floatCodes = ({ codes }: CategoricalColumn): Float32Array =>
  Float32Array.from(codes, (code) => (code < 0 ? Number.NaN : code));

type Numbers = Float64Array | Float32Array | Int32Array | Int8Array;

/**
 * NumPy's description of an array in memory, which XGBoost reads
 * (https://numpy.org/doc/stable/reference/arrays.interface.html).
 */
export interface ArrayInterface {
  readonly data: readonly [number, boolean];
  readonly shape: readonly number[];
  readonly typestr: string;
  readonly version: 3;
}

/** Arrays whose addresses XGBoost has been told, kept from the garbage collector until `release`. */
export class Held {
  readonly #arrays: Numbers[] = [];
  readonly #library: Library;

  constructor(xgb: Library) {
    this.#library = xgb;
  }

  interface(values: Numbers, shape: readonly number[] = [values.length]): ArrayInterface {
    this.#arrays.push(values);
    // Addresses of user programs have at most 48 bits, so they are exact as numbers. An empty array has none.
    const address = values.length === 0 ? 0 : Number(this.#library.address(values));
    return { data: [address, true], shape, typestr: typestr(values), version: 3 };
  }

  /** Names as Arrow lays them out: where each begins, and all their bytes. */
  names(names: readonly string[]): { offsets: ArrayInterface; values: ArrayInterface } {
    const bytes = names.map((name) => Buffer.from(name));
    let end = 0;
    const offsets = Int32Array.from([0, ...bytes.map(({ length }) => (end += length))]);
    return { offsets: this.interface(offsets), values: this.interface(new Int8Array(Buffer.concat(bytes))) };
  }

  release(): void {
    this.#arrays.length = 0;
  }
}

function typestr(values: Numbers): string {
  if (values instanceof Float64Array) return '<f8';
  if (values instanceof Float32Array) return '<f4';
  return values instanceof Int32Array ? '<i4' : '|i1';
}
