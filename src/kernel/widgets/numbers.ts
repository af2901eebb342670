// Controls that hold a number: sliders, number fields, progress bars.

import { decimal, flag, nullable, oneOf, text, whole } from './fields.js';
import { DescriptionStyle, described, dressed, entered, ProgressStyle, SliderStyle } from './looks.js';
import { complaint } from './widget.js';

type Properties = Record<string, unknown>;

/** Keeps min <= value <= max: an error about what was given, else the value follows. */
function bounded(kind: string) {
  return (properties: Properties, given: ReadonlySet<string>): void => {
    const { min, max, value } = properties as { min: number; max: number; value: number };
    if (min > max) {
      throw given.has('min')
        ? complaint(kind, 'min', min, `above max ${max}`)
        : complaint(kind, 'max', max, `below min ${min}`);
    }
    if (value >= min && value <= max) return;
    if (given.has('value')) {
      throw complaint(kind, 'value', value, value > max ? `above max ${max}` : `below min ${min}`);
    }
    properties.value = Math.min(Math.max(value, min), max);
  };
}

const limited = (name: string, view?: string) => ({ name, settle: bounded(name), ...(view ? { view } : {}) });

const slider = {
  ...entered,
  orientation: oneOf('horizontal', ['horizontal', 'vertical']),
  /** Whether the number stands beside it. */
  readout: flag(true),
  /** Whether the value changes while it is dragged, or only at the end. */
  continuousUpdate: flag(true),
  behavior: oneOf('drag-tap', ['drag-tap', 'drag-snap', 'tap', 'drag', 'snap']),
};

/** A slider over whole numbers, 0 to 100 where nothing else is said. */
export class IntSlider extends dressed(
  limited('IntSlider'),
  {
    ...slider,
    value: whole(0),
    min: whole(0),
    max: whole(100),
    step: whole(1),
    /** A d3-format, for instance `d` or `,`. */
    readoutFormat: text('d'),
  },
  SliderStyle,
) {}

/** A slider over numbers, 0 to 100 in steps of 0.1 where nothing else is said. */
export class FloatSlider extends dressed(
  limited('FloatSlider'),
  {
    ...slider,
    value: decimal(0),
    min: decimal(0),
    max: decimal(100),
    step: nullableStep(0.1),
    /** A d3-format, for instance `.2f` or `.0%`. */
    readoutFormat: text('.2f'),
  },
  SliderStyle,
) {}

/** A field for a whole number. */
export class IntText extends dressed(
  { name: 'IntText' },
  { ...entered, value: whole(0), step: whole(1), continuousUpdate: flag(false) },
  DescriptionStyle,
) {}

/** A field for a number. */
export class FloatText extends dressed(
  { name: 'FloatText' },
  { ...entered, value: decimal(0), step: nullable(decimal(1)), continuousUpdate: flag(false) },
  DescriptionStyle,
) {}

/** A field for a whole number between two others. */
export class BoundedIntText extends dressed(
  limited('BoundedIntText', 'IntTextView'),
  { ...entered, value: whole(0), min: whole(0), max: whole(100), step: whole(1), continuousUpdate: flag(false) },
  DescriptionStyle,
) {}

/** A field for a number between two others. */
export class BoundedFloatText extends dressed(
  limited('BoundedFloatText', 'FloatTextView'),
  {
    ...entered,
    value: decimal(0),
    min: decimal(0),
    max: decimal(100),
    step: nullable(decimal(1)),
    continuousUpdate: flag(false),
  },
  DescriptionStyle,
) {}

const bar = {
  ...described,
  orientation: oneOf('horizontal', ['horizontal', 'vertical']),
  /** Its colour, by what it means. */
  barStyle: oneOf('', ['', 'success', 'info', 'warning', 'danger']),
};

/** A progress bar over whole numbers. For loops see `progress`. */
export class IntProgress extends dressed(
  limited('IntProgress', 'ProgressView'),
  { ...bar, value: whole(0), min: whole(0), max: whole(100) },
  ProgressStyle,
) {}

/** A progress bar over numbers. */
export class FloatProgress extends dressed(
  limited('FloatProgress', 'ProgressView'),
  { ...bar, value: decimal(0), min: decimal(0), max: decimal(100) },
  ProgressStyle,
) {}

function nullableStep(initial: number) {
  return { ...nullable(decimal(initial)), initial };
}
