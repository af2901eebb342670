// Makes widget classes from tables of fields: typed properties, defaults as @jupyter-widgets/controls 2.0.0 has them, errors
// for values that do not fit.

import { type Fields, type PropertiesOf, quote, snakeCase } from './fields.js';
import type { State } from './model.js';
import { requiredKernel } from './required-kernel.js';
import { complaint, isWidget, Widget } from './widget.js';

export interface ControlKind {
  /** For instance `IntSlider`: the model is `IntSliderModel`, the view `IntSliderView`. */
  readonly name: string;
  readonly view?: string;
  /** Default: `@jupyter-widgets/controls` 2.0.0. */
  readonly module?: Module;
  readonly viewModule?: Module;
  /** Other widgets that make it up, such as its layout: how each is made from the option of its name. */
  readonly parts?: Readonly<Record<string, (given: unknown) => unknown>>;
  /**
   * Looks at all properties together, of which `given` were just set; may adjust the others.
   *
   * @throws RangeError where what was given does not fit
   */
  settle?(properties: Record<string, unknown>, given: ReadonlySet<string>): void;
}

export interface Module {
  readonly name: string;
  readonly version: string;
}

export const controlsModule: Module = { name: '@jupyter-widgets/controls', version: '2.0.0' };
export const baseModule: Module = { name: '@jupyter-widgets/base', version: '2.0.0' };
export const outputModule: Module = { name: '@jupyter-widgets/output', version: '1.0.0' };

/** A widget with these properties. */
export type Control<P extends object> = Widget<P> &
  P & {
    /** Sets several properties at once: `slider.set({ min: 10, max: 20, value: 15 })`. */
    set(properties: Partial<P>): void;
  };

export type ControlClass<P extends object, Options> = new (options?: Options) => Control<P>;

/** A class for one kind of control. Options are properties to begin with, or what makes up its parts. */
export function control<F extends Fields, Parts extends object = object>(
  kind: ControlKind,
  fields: F,
): ControlClass<PropertiesOf<F>, Partial<PropertiesOf<F>> & Parts> {
  const wireNames = new Map(Object.entries(fields).map(([name, field]) => [name, field.wire ?? snakeCase(name)]));
  const properties = new Map([...wireNames].map(([name, wire]) => [wire, name]));

  class Made extends Widget<PropertiesOf<F>> {
    readonly #parts: Readonly<Record<string, unknown>>;

    constructor(options: Readonly<Record<string, unknown>> = {}) {
      requiredKernel(kind.name);
      const { parts: makers = {} } = kind;
      const given = Object.fromEntries(
        Object.entries(options).filter(([name, value]) => value !== undefined && !(name in makers)),
      );
      const start = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.initial]));
      const settled = adjusted(start, given);
      const parts = Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make(options[name])]));
      super({
        kind: kind.name,
        state: { ...identity(kind), ...toState(settled), ...parts },
        property: (wire) => properties.get(wire),
        accept: (changes) => this.#accept(changes),
      });
      // What was made for this widget alone goes with it.
      this.#parts = Object.fromEntries(Object.entries(parts).filter(([name, part]) => part !== options[name]));
    }

    get layout(): unknown {
      return this.model.get('layout');
    }

    get style(): unknown {
      return this.model.get('style');
    }

    override close(): void {
      super.close();
      for (const part of Object.values(this.#parts)) if (isWidget(part)) part.close();
    }

    set(values: Partial<PropertiesOf<F>>): void {
      this.model.set(toState(adjusted(this.#read(), values as Readonly<Record<string, unknown>>)));
    }

    override toString(): string {
      if (this.closed) return `${kind.name} { closed }`;
      const told = Object.entries(this.#read()).filter(([name, value]) => {
        return name === 'value' || quote(value) !== quote(fields[name]?.initial);
      });
      if (told.length === 0) return `${kind.name} {}`;
      return `${kind.name} { ${told.map(([name, value]) => `${name}: ${quote(value)}`).join(', ')} }`;
    }

    #read(): Record<string, unknown> {
      return Object.fromEntries([...wireNames].map(([name, wire]) => [name, this.model.get(wire)]));
    }

    #accept(changes: State): State {
      const sent = Object.fromEntries(Object.entries(changes).map(([wire, value]) => [properties.get(wire), value]));
      delete sent.undefined;
      try {
        const settled = toState(adjusted(this.#read(), sent));
        return Object.fromEntries(
          Object.keys(changes).map((wire) => [wire, wire in settled ? settled[wire] : changes[wire]]),
        );
      } catch {
        // A client that sends what does not fit gets back what is.
        return {};
      }
    }
  }

  for (const [name, wire] of wireNames) {
    Object.defineProperty(Made.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Made) {
        return this.model.get(wire);
      },
      set(this: Made, value: unknown) {
        this.set({ [name]: value } as Partial<PropertiesOf<F>>);
      },
    });
  }

  /** All properties, with those given in their places, adjusted to one another. */
  function adjusted(start: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>) {
    for (const [name, value] of Object.entries(given)) {
      const field = fields[name];
      if (!field) {
        throw new TypeError(`${kind.name} has no property "${name}". It has ${[...wireNames.keys()].join(', ')}.`);
      }
      const problem = field.problem(value);
      if (problem) throw complaint(kind.name, name, value, problem);
    }
    const all = { ...start, ...given };
    kind.settle?.(all, new Set(Object.keys(given)));
    return all;
  }

  function toState(values: Readonly<Record<string, unknown>>): State {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [wireNames.get(name) ?? name, value]));
  }

  return Made as unknown as ControlClass<PropertiesOf<F>, Partial<PropertiesOf<F>> & Parts>;
}

function identity(kind: ControlKind): State {
  const module = kind.module ?? controlsModule;
  const viewModule = kind.viewModule ?? module;
  return {
    _model_module: module.name,
    _model_module_version: module.version,
    _model_name: `${kind.name}Model`,
    _view_count: null,
    _view_module: viewModule.name,
    _view_module_version: viewModule.version,
    _view_name: kind.view ?? `${kind.name}View`,
  };
}
