// Whole numbers that depend on the sizes of axes, found by recording at a few sizes, and written as nodes that compute
// them when the graph runs.
//
//   fitForm([10, 14, 15, 21], [[2, 3], [5, 7]])     // [0, 0, 0, 1]: batch * length, from its values at (2, 5), (3, 5), (2, 7), (3, 7)
import type { Graph } from '../graph.js';

/**
 * A sum of products of axes: element `m` is the factor of the product of the axes whose bits are set in `m`. With the axes
 * batch and length, [1, 2, 3, 4] is 1 + 2 batch + 3 length + 4 batch length.
 */
export type Form = readonly number[];

/**
 * The form that goes through values at all corners of a box.
 * @param values element `m` is the value where the axes whose bits are set in `m` have their second size, the others their first
 * @param corners the two sizes of each axis
 */
export function fitForm(values: readonly number[], corners: readonly (readonly [number, number])[]): Form {
  const form = [...values];
  corners.forEach(([low, high], axis) => {
    for (let at = 0; at < form.length; at++) {
      if (at & (1 << axis)) continue;
      const [first, second] = [form[at] as number, form[at | (1 << axis)] as number];
      const slope = (second - first) / (high - low);
      form[at] = first - slope * low;
      form[at | (1 << axis)] = slope;
    }
  });
  return form;
}

/** What a form comes to at given sizes. */
export const valueAt = (form: Form, sizes: readonly number[]): number =>
  form.reduce(
    (sum, factor, mask) => sum + factor * sizes.reduce((p, size, k) => (mask & (1 << k) ? p * size : p), 1),
    0,
  );

/** Does it not depend on any size? */
export const isFixed = (form: Form): boolean => form.slice(1).every((factor) => factor === 0);

/** For people and for the names of dimensions: "batch * sequence + 8". */
export function spell(form: Form, axes: readonly string[]): string {
  const terms = form.flatMap((factor, mask) => {
    const names = axes.filter((_, k) => mask & (1 << k));
    return factor === 0 ? [] : [[...(factor === 1 && mask > 0 ? [] : [factor]), ...names].join(' * ')];
  });
  return terms.reverse().join(' + ') || '0';
}

/** Where a graph reads the size of an axis: a dimension of one of its inputs. */
export interface AxisSource {
  readonly input: string;
  readonly dimension: number;
}

/** Writes forms as nodes of a graph, each once. */
export class SizeNodes {
  readonly #written = new Map<string, string>();

  constructor(
    readonly graph: Graph,
    /** One for each axis, in the order of the bits of a form. */
    readonly sources: readonly AxisSource[],
  ) {}

  /** An int64 vector with one element a form. */
  vector(forms: readonly Form[]): string {
    if (forms.every(isFixed)) return this.graph.ints(forms.map(([value]) => value as number));
    return this.#once(`[${forms.join('; ')}]`, () => {
      const parts: string[] = [];
      for (let from = 0; from < forms.length; ) {
        const fixed = forms.slice(from).findIndex((form) => !isFixed(form));
        const run = fixed < 0 ? forms.length - from : fixed;
        if (run > 0) parts.push(this.graph.ints(forms.slice(from, from + run).map(([value]) => value as number)));
        else parts.push(this.#element(forms[from] as Form));
        from += Math.max(run, 1);
      }
      return parts.length === 1 ? (parts[0] as string) : this.graph.node('Concat', parts, { axis: 0 });
    });
  }

  /** An int64 scalar. */
  scalar(form: Form): string {
    const [value = 0] = form;
    if (isFixed(form)) return this.graph.scalar('int64', value);
    return this.#once(`scalar ${form}`, () => this.graph.node('Squeeze', [this.#element(form)]));
  }

  /** An int64 vector of one element, the value of a form that is not fixed. */
  #element(form: Form): string {
    return this.#once(`${form}`, () => {
      const terms = form.flatMap((factor, mask) => {
        if (factor === 0) return [];
        if (mask === 0) return [this.graph.ints([factor])];
        const product = this.#product(mask);
        return [factor === 1 ? product : this.graph.node('Mul', [product, this.graph.ints([factor])])];
      });
      return terms.reduce((sum, term) => this.graph.node('Add', [sum, term]));
    });
  }

  #product(mask: number): string {
    const last = 31 - Math.clz32(mask);
    const rest = mask ^ (1 << last);
    return this.#once(`product ${mask}`, () => {
      const { input, dimension } = this.sources[last] as AxisSource;
      if (rest > 0) return this.graph.node('Mul', [this.#product(rest), this.#product(1 << last)]);
      return this.graph.node('Shape', [input], { start: dimension, end: dimension + 1 });
    });
  }

  #once(key: string, write: () => string): string {
    const name = this.#written.get(key) ?? write();
    this.#written.set(key, name);
    return name;
  }
}
