// Widgets that hold others: side by side, one below the other, behind tabs.

import type { ControlKind } from './control.js';
import { type Field, type Fields, listOf, nullable, oneOf, type PropertiesOf, text, whole } from './fields.js';
import { boxed, visible } from './looks.js';
import { type AnyWidget, isWidget } from './widget.js';

const widget = {
  problem: (value: unknown) => (isWidget(value) ? undefined : 'not a widget'),
} as Field<AnyWidget>;

const box = {
  ...visible,
  children: listOf(widget),
  /** Its colour, by what it means. */
  boxStyle: oneOf('', ['', 'success', 'info', 'warning', 'danger']),
};

/** Takes the children before the options, `new HBox([a, b])`, since a box is nothing without them. */
function holding<F extends Fields & { children: Field<readonly AnyWidget[]> }>(kind: ControlKind, fields: F) {
  const Base = boxed(kind, fields) as unknown as new (options: object) => InstanceType<ReturnType<typeof boxed<F>>>;
  type Options = Omit<NonNullable<ConstructorParameters<ReturnType<typeof boxed<F>>>[0]>, 'children'>;
  return class extends (Base as new (options: object) => object) {
    constructor(children: readonly AnyWidget[] = [], options: object = {}) {
      super({ ...options, children });
    }
  } as unknown as new (
    children?: readonly AnyWidget[],
    options?: Options,
  ) => InstanceType<ReturnType<typeof boxed<F>>> & PropertiesOf<F>;
}

/** Widgets side by side. */
export class HBox extends holding({ name: 'HBox' }, box) {}

/** Widgets one below the other. */
export class VBox extends holding({ name: 'VBox' }, box) {}

const chosen = {
  ...box,
  /** Above each child. */
  titles: listOf(text()),
  /** The child that is seen; null for none. */
  selectedIndex: nullable(whole(0)),
};

/** One child at a time, behind tabs: `new Tab([a, b], { titles: ['One', 'Two'] })`. */
export class Tab extends holding({ name: 'Tab' }, chosen) {}

/** One child at a time, each under its title. */
export class Accordion extends holding({ name: 'Accordion' }, chosen) {}
