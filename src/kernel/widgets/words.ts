// Controls that hold text or a truth: fields to type in, text to read, boxes to tick, and the button.

import { flag, nullable, oneOf, text, whole } from './fields.js';
import {
  ButtonStyle,
  CheckboxStyle,
  described,
  dressed,
  entered,
  HTMLStyle,
  LabelStyle,
  TextStyle,
  ToggleButtonStyle,
  visible,
} from './looks.js';
import { callAll } from './widget.js';

// The default is a zero-width space, which keeps the line's height.
const placeholder = text('\u200b');

const field = {
  ...entered,
  value: text(),
  /** Shown while it is empty. */
  placeholder,
  /** Whether the value changes at every key, or at Enter and on leaving it. */
  continuousUpdate: flag(true),
};

/** A line to type in. */
export class Text extends dressed({ name: 'Text' }, field, TextStyle) {}

/** A line to type in that shows dots. */
export class Password extends dressed({ name: 'Password' }, field, TextStyle) {}

/** Several lines to type in. */
export class Textarea extends dressed({ name: 'Textarea' }, { ...field, rows: nullable(whole(1)) }, TextStyle) {}

/** A line of text; TeX between dollar signs is set. */
export class Label extends dressed({ name: 'Label' }, { ...described, value: text(), placeholder }, LabelStyle) {}

/** HTML; the client takes scripts out. */
export class HTML extends dressed({ name: 'HTML' }, { ...described, value: text(), placeholder }, HTMLStyle) {}

/** A box to tick. */
export class Checkbox extends dressed(
  { name: 'Checkbox' },
  { ...entered, value: flag(false), /** Whether it stands in line with labelled controls. */ indent: flag(true) },
  CheckboxStyle,
) {}

const face = {
  /** Its colour, by what it means. */
  buttonStyle: oneOf('', ['', 'primary', 'success', 'info', 'warning', 'danger']),
  /** A Font Awesome name, for instance `check`. */
  icon: text(),
};

/** A button that stays down. */
export class ToggleButton extends dressed(
  { name: 'ToggleButton' },
  { ...entered, ...face, value: flag(false) },
  ToggleButtonStyle,
) {}

const ButtonBase = dressed(
  { name: 'Button' },
  { ...visible, ...face, description: text(), disabled: flag(false) },
  ButtonStyle,
);

/** A button to click: `new Button({ description: 'Run' }).onClick(() => ...)`. */
export class Button extends ButtonBase {
  readonly #handlers = new Set<(button: this) => unknown>();

  constructor(options?: ConstructorParameters<typeof ButtonBase>[0]) {
    super(options);
    this.onCustom((content) => {
      return (content as { event?: unknown } | null)?.event === 'click' ? this.#click() : undefined;
    });
  }

  /** Calls `handler` at every click. @returns a function that ends this */
  onClick(handler: (button: this) => unknown): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** As if somebody clicked. */
  click(): void {
    this.#click();
  }

  #click(): Promise<unknown> {
    return Promise.all(callAll([...this.#handlers].map((handler) => () => handler(this))));
  }
}
