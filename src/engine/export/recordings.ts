// One function, recorded at several sizes of its axes, and what the recordings tell of a number that differs between them.
import { type InputDef, type Recorded, record } from '../record.js';
import { flatten, mapTree } from '../tree.js';
import { type AxisSource, type Form, fitForm, valueAt } from './sizes.js';

/** An input whose dimensions are sizes or, where they vary, names of axes. */
export interface DynamicInput extends Omit<InputDef, 'shape'> {
  readonly shape: readonly (number | string)[];
}

export interface Axis {
  /** The largest size the function takes. Tables that depend on the size, such as sines of positions, are made for it. */
  readonly longest?: number;
}

/** Sizes to record the axes at: prime and unlike those of models, so that no dimension equals another by chance. */
const trials = [
  [5, 7, 11],
  [13, 17, 19],
  [23, 29, 31],
] as const;

const isInput = (value: unknown): value is DynamicInput =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;

export class Recordings {
  /** Names of the axes. */
  readonly names: readonly string[];
  /** The inputs by their paths. */
  readonly inputs: ReadonlyMap<string, DynamicInput>;
  /** At two sizes of each axis in every combination, and last at sizes to check by. */
  readonly recorded: readonly Recorded[];
  /** The sizes of each recording. */
  readonly #sizes: readonly (readonly number[])[];
  readonly #corners: readonly (readonly [number, number])[];
  #longest: Recorded | undefined;

  constructor(
    readonly fn: (inputs: unknown) => unknown,
    readonly tree: unknown,
    readonly axes: Readonly<Record<string, Axis>>,
  ) {
    this.names = Object.keys(axes);
    this.inputs = new Map(flatten(tree, isInput));
    const used = [...this.inputs.values()].flatMap(({ shape }) => shape.filter((size) => typeof size === 'string'));
    const unknown = used.find((name) => !this.names.includes(name));
    if (unknown !== undefined)
      throw new RangeError(`An input has the axis ${unknown}, which is not among the axes: ${this.names.join(', ')}.`);
    const sizes = this.names.map((name, k) => sizesOf(name, axes[name] as Axis, trials[k]));
    this.#corners = sizes.map(([low, high]) => [low, high]);
    const corners = Array.from({ length: 2 ** sizes.length }, (_, mask) =>
      this.#corners.map((two, k) => two[(mask >> k) & 1] as number),
    );
    this.#sizes = [...corners, sizes.map(([, , check]) => check)];
    this.recorded = this.#sizes.map((at) => this.#recordAt(at));
  }

  /** Where the graph reads the size of each axis. */
  sources(): AxisSource[] {
    return this.names.map((axis) => {
      for (const [input, { shape }] of this.inputs)
        if (shape.includes(axis)) return { input, dimension: shape.indexOf(axis) };
      throw new RangeError(`No input has the axis ${axis}; the axes are those of the inputs' shapes.`);
    });
  }

  /** The form through one value a recording, or undefined where there is none with whole factors. */
  form(values: readonly number[]): Form | undefined {
    const form = fitForm(values.slice(0, -1), this.#corners);
    const checked = valueAt(form, this.#sizes.at(-1) as readonly number[]) === values.at(-1);
    return checked && form.every(Number.isSafeInteger) ? form : undefined;
  }

  /** What forms come to at the largest sizes; undefined where they depend on an axis that has none. */
  largest(forms: readonly Form[]): number[] | undefined {
    const largest = this.names.map((name) => this.axes[name]?.longest);
    const isBounded = (form: Form) =>
      form.every(
        (factor, mask) => factor === 0 || largest.every((size, k) => size !== undefined || !(mask & (1 << k))),
      );
    if (!forms.every(isBounded)) return undefined;
    return forms.map((form) =>
      valueAt(
        form,
        largest.map((size) => size ?? 0),
      ),
    );
  }

  /** A recording at the largest sizes. */
  atLongest(): Recorded {
    this.#longest ??= this.#recordAt(
      this.names.map((name, k) => this.axes[name]?.longest ?? this.#corners[k]?.[0] ?? 1),
    );
    return this.#longest;
  }

  /** "at batch 5, sequence 13", the sizes of a recording. */
  at(recording: number): string {
    return `at ${this.names.map((name, k) => `${name} ${this.#sizes[recording]?.[k]}`).join(', ')}`;
  }

  #recordAt(sizes: readonly number[]): Recorded {
    const sizeOf = (size: number | string) =>
      typeof size === 'number' ? size : (sizes[this.names.indexOf(size)] as number);
    const sized = mapTree(this.tree, isInput, ({ dtype, shape }): InputDef => ({ dtype, shape: shape.map(sizeOf) }));
    return record(this.fn, sized, false);
  }
}

/**
 * Two sizes to fit by and a third to check by. The third is near the largest, so that a limit in between is noticed; the
 * largest itself may be special: a table that is used whole is not sliced.
 */
function sizesOf(
  name: string,
  { longest }: Axis,
  sizes: (typeof trials)[number] | undefined,
): [number, number, number] {
  if (sizes === undefined) throw new RangeError(`At most ${trials.length} axes can vary; ${name} is one more.`);
  const [low, high, check] = sizes;
  if (longest !== undefined && longest < check)
    throw new RangeError(`The axis ${name} must reach ${check} to be recorded; its longest is ${longest}.`);
  return [low, high, longest === undefined ? check : longest - 1];
}
