// A function with a control for each of its inputs: it runs again whenever one of them changes.
//
//   interact(({ rate, kind }) => plot(rate, kind), { rate: [0, 1], kind: ['linear', 'cubic'] })

import { displaySymbol } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { VBox } from './boxes.js';
import { quote } from './fields.js';
import { FloatSlider, IntSlider } from './numbers.js';
import { Output } from './output.js';
import { Dropdown } from './selection.js';
import { isWidget, type ValueWidget } from './widget.js';
import { Checkbox, Text } from './words.js';

/**
 * What a control can be made from: a number (a slider around it), `[min, max]` or `[min, max, step]` (a slider), a list of
 * strings or an object of labels and values (a dropdown), true or false (a box to tick), a string (a line to type in), or
 * any widget with a value.
 */
export type Abbreviation =
  | number
  | boolean
  | string
  | readonly [min: number, max: number]
  | readonly [min: number, max: number, step: number]
  | readonly string[]
  | { readonly [label: string]: unknown }
  | ValueWidget<unknown>;

/** The type of the value that the control made from an abbreviation has. */
export type ValueOf<A> =
  A extends ValueWidget<infer V>
    ? V
    : A extends number
      ? number
      : A extends boolean
        ? boolean
        : A extends string
          ? string
          : A extends readonly (infer Item)[]
            ? Item extends number
              ? number
              : Item
            : A extends { readonly [label: string]: infer V }
              ? V
              : never;

/** The widget made from an abbreviation. */
export type ControlOf<A> = A extends ValueWidget<unknown> ? A : ValueWidget<ValueOf<A>> & { value: ValueOf<A> };

export type Values<C> = { readonly [K in keyof C]: ValueOf<C[K]> };

export interface Interactive<C> {
  /** The control for each input: `handle.controls.rate.value = 0.5`. */
  readonly controls: { readonly [K in keyof C]: ControlOf<C[K]> };
  /** What the inputs are now. */
  readonly values: Values<C>;
  /** Where the function's outputs go. */
  readonly output: Output;
  /** Controls and output, one below the other. */
  readonly widget: VBox;
  /** What the function gave last; undefined before, and where it threw. */
  readonly result: unknown;
  /** Runs the function with the values as they are; resolves once no newer run is waiting. */
  run(): Promise<void>;
  /** Resolves once the runs that have been asked for are over. */
  settled(): Promise<void>;
  /** Ends it, and removes what it made. */
  close(): void;
  [displaySymbol](): MimeBundle;
}

/**
 * Makes controls and runs `fn` with their values, now and at each change. While an asynchronous `fn` runs, changes wait;
 * then it runs with the newest values alone, and the signal it was given has told it that it may stop early. What it prints,
 * displays, returns and throws is shown below the controls. Show the handle: make it the cell's last line, or `display` it.
 */
export function interact<const C extends Readonly<Record<string, Abbreviation>>>(
  fn: (values: Values<C>, signal: AbortSignal) => unknown,
  controls: C,
): Interactive<C> {
  const made = Object.entries(controls).map(([name, given]) => ({ name, given, control: controlFor(name, given) }));
  const output = new Output();
  const widget = new VBox([...made.map(({ control }) => control), output]);
  const readValues = () =>
    Object.fromEntries(made.map(({ name, control }) => [name, control.value])) as unknown as Values<C>;

  let result: unknown;
  let waiting = false;
  let running: Promise<void> | undefined;
  let abort: AbortController | undefined;
  let closed = false;

  function start(): void {
    running = work().then(() => {
      running = undefined;
      if (waiting) start();
    });
  }

  async function work(): Promise<void> {
    // In the next turn all changes of this tick are made.
    await undefined;
    waiting = false;
    abort = new AbortController();
    const { signal } = abort;
    output.clear({ wait: true });
    result = undefined;
    try {
      result = await output.capture(() => fn(readValues(), signal));
      if (result !== undefined && !closed) await output.display(result);
    } catch (error) {
      if (!closed) output.displayError(error);
    }
    abort = undefined;
    if (!closed) output.settle();
  }

  async function run(): Promise<void> {
    if (closed) return;
    waiting = true;
    abort?.abort(new Error('Newer values are waiting.'));
    if (!running) start();
    await settled();
  }

  async function settled(): Promise<void> {
    while (running) await running;
  }

  const ends = made.map(({ control }) => control.observe(run, 'value'));
  void run();

  return {
    controls: Object.fromEntries(
      made.map(({ name, control }) => [name, control]),
    ) as unknown as Interactive<C>['controls'],
    output,
    widget,
    get values() {
      return readValues();
    },
    get result() {
      return result;
    },
    run,
    settled,
    close() {
      closed = true;
      abort?.abort(new Error('The controls were closed.'));
      for (const end of ends) end();
      widget.close();
      output.close();
      for (const { control, given } of made) if (control !== given) control.close();
    },
    [displaySymbol]: () => widget[displaySymbol](),
  };
}

/** The control that an abbreviation stands for. */
export function controlFor(name: string, given: unknown): ValueWidget<unknown> {
  const description = name;
  if (isWidget(given)) {
    if ('value' in given && 'observe' in given) return given as unknown as ValueWidget<unknown>;
    throw new TypeError(`interact: ${name} is a widget without a value`);
  }
  if (typeof given === 'boolean') return new Checkbox({ value: given, description });
  if (typeof given === 'string') return new Text({ value: given, description });
  if (typeof given === 'number') return around(given, description);
  if (Array.isArray(given) && given.length > 0) {
    if (given.every((one) => typeof one === 'number')) return range(given, description);
    return new Dropdown({ options: given, description });
  }
  if (typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype) {
    if (Object.keys(given).length > 0) return new Dropdown({ options: given as Record<string, unknown>, description });
  }
  throw new TypeError(
    `interact: no control for ${name}: ${quote(given)}. Give a number, [min, max], [min, max, step], a list of strings, an ` +
      'object of labels and values, true or false, a string, or a widget with a value.',
  );
}

/** A slider around a number: from its opposite to three times as much. */
function around(value: number, description: string): ValueWidget<number> {
  const [min, max] = value === 0 ? [0, 1] : value > 0 ? [-value, 3 * value] : [3 * value, -value];
  if (Number.isInteger(value) && value !== 0) return new IntSlider({ value, min, max, description });
  return new FloatSlider({ value, min, max, step: (max - min) / 40, description });
}

function range(numbers: readonly number[], description: string): ValueWidget<number> {
  const [min = 0, max = 0, step] = numbers;
  const words = `interact: ${description}: [${numbers.join(', ')}]`;
  const instead = 'For a choice among numbers give new Dropdown({ options: [...] }).';
  if (numbers.length < 2 || numbers.length > 3) {
    throw new TypeError(`${words} is neither [min, max] nor [min, max, step]. ${instead}`);
  }
  if (!(min < max)) throw new RangeError(`${words}: the minimum must be below the maximum. ${instead}`);
  if (step !== undefined && !(step > 0 && step <= max - min)) {
    throw new RangeError(
      `${words}: a step must be above 0 and at most ${max - min}, from minimum to maximum. ${instead}`,
    );
  }
  const middle = (min + max) / 2;
  // Between 0 and 1 there is nothing whole to choose.
  if ([min, max, step ?? 1].every(Number.isInteger) && max - min > 1) {
    const by = step ?? 1;
    return new IntSlider({ value: min + Math.floor((middle - min) / by) * by, min, max, step: by, description });
  }
  const by = step ?? (max - min) / 100;
  const value = min + Math.floor((middle - min) / by + 1e-9) * by;
  const digits = Math.min(10, Math.max(2, Math.ceil(-Math.log10(by) - 1e-9)));
  return new FloatSlider({
    value: Number(value.toFixed(12)),
    min,
    max,
    step: by,
    readoutFormat: `.${digits}f`,
    description,
  });
}
