// Controls to choose from a list. The protocol knows labels and an index; here a choice has a value of any kind.

import { isDeepStrictEqual } from 'node:util';
import type { Control } from './control.js';
import { type Fields, flag, listOf, named, nullable, oneOf, type PropertiesOf, quote, text, whole } from './fields.js';
import { DescriptionStyle, dressed, entered, type Layout, SliderStyle, ToggleButtonsStyle } from './looks.js';
import type { ModelChange } from './model.js';
import { complaint } from './widget.js';

/** What there is to choose: values, or `[label, value]` pairs, or an object of labels and values. */
export type Options = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The type of the values that these options offer. */
export type OptionValue<O> = O extends readonly (infer Item)[]
  ? Item extends readonly [string, infer Value]
    ? Value
    : Item
  : O extends Readonly<Record<string, infer Value>>
    ? Value
    : never;

/** What a control to choose one of some options has, besides the fields of its kind. */
export interface ChoiceProperties<O extends Options> {
  options: O;
  /** The value chosen; null where there is none. */
  value: OptionValue<O> | null;
  /** How the value chosen is called. */
  label: string | null;
  /** Where it stands among the options. */
  index: number | null;
}

/** The same where several may be chosen. */
export interface ChoicesProperties<O extends Options> {
  options: O;
  value: readonly OptionValue<O>[];
  label: readonly string[];
  index: readonly number[];
}

interface Entry {
  readonly label: string;
  readonly value: unknown;
}

type Loose = Readonly<Record<string, unknown>>;
type StyleClass = Parameters<typeof dressed>[2];
type Choice<P extends object, S> = Control<P> & { readonly layout: Layout; readonly style: S };
type Given<P, O, S> = Partial<Omit<P, 'options'>> & {
  readonly options?: O;
  readonly layout?: Layout | ConstructorParameters<typeof Layout>[0];
  readonly style?: S | object;
};
type ChoiceClass<F, S> = new <O extends Options>(
  given?: Given<PropertiesOf<F> & ChoiceProperties<O>, O, S>,
) => Choice<PropertiesOf<F> & ChoiceProperties<O>, S>;
type ChoicesClass<F, S> = new <O extends Options>(
  given?: Given<PropertiesOf<F> & ChoicesProperties<O>, O, S>,
) => Choice<PropertiesOf<F> & ChoicesProperties<O>, S>;

/** Makes the class; `several` where more than one may be chosen. */
function selection(
  name: string,
  fields: Fields,
  styleClass: StyleClass,
  several: boolean,
): new (
  given?: Loose,
) => object {
  const index = several ? listOf(whole(0)) : nullable(whole(0));
  const own = { ...fields, optionsLabels: named('_options_labels', listOf(text())), index };
  const Base = dressed({ name, settle }, own as Fields, styleClass) as new (
    options: Loose,
  ) => Control<Record<string, unknown>>;

  class Selection extends Base {
    #entries: readonly Entry[];

    constructor(given: Loose = {}) {
      const { options, value: _value, label: _label, ...rest } = given;
      const entries = entriesOf(options ?? [], name);
      const chosen = positions(entries, given) ?? first(entries);
      super({ ...rest, optionsLabels: entries.map(({ label }) => label), index: chosen });
      this.#entries = entries;
    }

    override set(values: Loose): void {
      const { options, value: _value, label: _label, ...rest } = values;
      if (options === undefined) {
        const chosen = positions(this.#entries, values);
        super.set(chosen === undefined ? rest : { ...rest, index: chosen });
        return;
      }
      const entries = entriesOf(options, name);
      const before = this.value;
      const chosen = positions(entries, values) ?? kept(entries, before) ?? first(entries);
      this.#entries = entries;
      super.set({ ...rest, optionsLabels: entries.map(({ label }) => label), index: chosen });
    }

    get options(): unknown {
      return this.#entries.map(({ label, value }) => (label === String(value) ? value : [label, value]));
    }
    set options(options: unknown) {
      this.set({ options });
    }
    get value(): unknown {
      return this.#at(this.index, 'value');
    }
    set value(value: unknown) {
      this.set({ value });
    }
    get label(): unknown {
      return this.#at(this.index, 'label');
    }
    set label(label: unknown) {
      this.set({ label });
    }

    protected override changesOf(changes: readonly ModelChange[], property: (wire: string) => string | undefined) {
      return super.changesOf(changes, property).flatMap((change): ModelChange[] => {
        if (change.name === 'optionsLabels') return [{ name: 'options', old: change.old, new: this.options }];
        if (change.name !== 'index') return [change];
        const told = (key: keyof Entry) => ({
          name: key,
          old: this.#at(change.old, key),
          new: this.#at(change.new, key),
        });
        return [change, told('label'), told('value')];
      });
    }

    override toString(): string {
      if (this.closed) return super.toString();
      return `${name} { value: ${quote(this.value)}, options: ${quote(this.#entries.map(({ value }) => value))} }`;
    }

    #at(place: unknown, key: keyof Entry): unknown {
      if (Array.isArray(place)) return place.map((one) => this.#entries[one]?.[key]);
      return typeof place === 'number' ? (this.#entries[place]?.[key] ?? null) : null;
    }
  }
  return Selection;

  function settle(properties: Record<string, unknown>, given: ReadonlySet<string>): void {
    if (!given.has('index')) return;
    const { length } = properties.optionsLabels as unknown[];
    for (const one of [properties.index].flat()) {
      if (one !== null && !(Number(one) >= 0 && Number(one) < length)) {
        throw complaint(name, 'index', one, `not between 0 and ${length - 1}`);
      }
    }
  }

  function first(entries: readonly Entry[]): unknown {
    if (several) return [];
    return entries.length > 0 ? 0 : null;
  }

  /** Where what was given stands; undefined where nothing was. */
  function positions(entries: readonly Entry[], { value, label, index }: Loose): unknown {
    if (index !== undefined) return index;
    const key = value !== undefined ? 'value' : 'label';
    const wanted = value !== undefined ? value : label;
    if (wanted === undefined) return undefined;
    if (!several) return wanted === null ? null : position(entries, key, wanted);
    if (!Array.isArray(wanted)) throw complaint(name, key, wanted, 'not a list');
    return wanted.map((one) => position(entries, key, one));
  }

  function position(entries: readonly Entry[], key: keyof Entry, wanted: unknown): number {
    const found = entries.findIndex((entry) => isDeepStrictEqual(entry[key], wanted));
    if (found >= 0) return found;
    const offered = entries.map((entry) => quote(entry[key])).join(', ');
    throw complaint(
      name,
      key,
      wanted,
      entries.length === 0 ? 'no option: there are none' : `none of its options, ${offered}`,
    );
  }

  /** Where what was chosen stands among other options; undefined where it is not there. */
  function kept(entries: readonly Entry[], before: unknown): unknown {
    const wanted = several ? (before as unknown[]) : [before];
    const found = wanted.map((one) => entries.findIndex(({ value }) => isDeepStrictEqual(value, one)));
    if (found.includes(-1)) return undefined;
    return several ? found : found[0];
  }
}

function entriesOf(options: unknown, name: string): readonly Entry[] {
  if (typeof options !== 'object' || options === null)
    throw complaint(name, 'options', options, 'neither a list nor an object');
  if (!Array.isArray(options)) return Object.entries(options).map(([label, value]) => ({ label, value }));
  const pairs = options.every((one) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string');
  return options.map((one) => (pairs ? { label: one[0], value: one[1] } : { label: String(one), value: one }));
}

const rows = whole(5);

const DropdownBase = selection('Dropdown', entered, DescriptionStyle, false) as ChoiceClass<
  typeof entered,
  DescriptionStyle
>;
/** A list that opens: `new Dropdown({ options: ['a', 'b'] })`. */
export class Dropdown<const O extends Options = readonly unknown[]> extends DropdownBase<O> {}

const selectFields = { ...entered, /** How many are seen at once. */ rows };
const SelectBase = selection('Select', selectFields, DescriptionStyle, false) as ChoiceClass<
  typeof selectFields,
  DescriptionStyle
>;
/** A list that stands open. */
export class Select<const O extends Options = readonly unknown[]> extends SelectBase<O> {}

const SelectMultipleBase = selection('SelectMultiple', selectFields, DescriptionStyle, true) as ChoicesClass<
  typeof selectFields,
  DescriptionStyle
>;
/** A list to choose several of; its value is a list. */
export class SelectMultiple<const O extends Options = readonly unknown[]> extends SelectMultipleBase<O> {}

const radioFields = { ...entered, orientation: oneOf('vertical', ['vertical', 'horizontal']) };
const RadioButtonsBase = selection('RadioButtons', radioFields, DescriptionStyle, false) as ChoiceClass<
  typeof radioFields,
  DescriptionStyle
>;
/** All options one below the other. */
export class RadioButtons<const O extends Options = readonly unknown[]> extends RadioButtonsBase<O> {}

const toggleFields = {
  ...entered,
  buttonStyle: oneOf('', ['', 'primary', 'success', 'info', 'warning', 'danger']),
  icons: listOf(text()),
  tooltips: listOf(text()),
};
const ToggleButtonsBase = selection('ToggleButtons', toggleFields, ToggleButtonsStyle, false) as ChoiceClass<
  typeof toggleFields,
  ToggleButtonsStyle
>;
/** All options as buttons, of which one is down. */
export class ToggleButtons<const O extends Options = readonly unknown[]> extends ToggleButtonsBase<O> {}

const sliderFields = {
  ...entered,
  orientation: oneOf('horizontal', ['horizontal', 'vertical']),
  readout: flag(true),
  continuousUpdate: flag(true),
  behavior: oneOf('drag-tap', ['drag-tap', 'drag-snap', 'tap', 'drag', 'snap']),
};
const SelectionSliderBase = selection('SelectionSlider', sliderFields, SliderStyle, false) as ChoiceClass<
  typeof sliderFields,
  SliderStyle
>;
/** A slider whose positions are the options. */
export class SelectionSlider<const O extends Options = readonly unknown[]> extends SelectionSliderBase<O> {}
