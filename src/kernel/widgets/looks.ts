// How a control looks: its Layout (CSS of the box it is in) and its style, each a small widget of its own as the protocol wants
// it, and the properties that all visible controls share.

import { baseModule, type Control, type ControlKind, control } from './control.js';
import { type Fields, flag, listOf, named, nullable, type PropertiesOf, text } from './fields.js';
import { isWidget } from './widget.js';

/** CSS properties, as strings; null leaves them to the theme. `border` sets all four sides. */
const layoutFields = Object.fromEntries(
  (
    'alignContent alignItems alignSelf borderBottom borderLeft borderRight borderTop bottom display flex flexFlow gridArea ' +
    'gridAutoColumns gridAutoFlow gridAutoRows gridColumn gridGap gridRow gridTemplateAreas gridTemplateColumns ' +
    'gridTemplateRows height justifyContent justifyItems left margin maxHeight maxWidth minHeight minWidth objectFit ' +
    'objectPosition order overflow padding right top visibility width'
  )
    .split(' ')
    .map((name) => [name, nullable(text())]),
) as unknown as Record<LayoutProperty, ReturnType<typeof nullable<string>>>;

export type LayoutProperty =
  | `align${'Content' | 'Items' | 'Self'}`
  | `border${'Bottom' | 'Left' | 'Right' | 'Top'}`
  | `grid${'Area' | 'AutoColumns' | 'AutoFlow' | 'AutoRows' | 'Column' | 'Gap' | 'Row'}`
  | `gridTemplate${'Areas' | 'Columns' | 'Rows'}`
  | `justify${'Content' | 'Items'}`
  | `${'max' | 'min'}${'Height' | 'Width'}`
  | `object${'Fit' | 'Position'}`
  | ('bottom' | 'display' | 'flex' | 'flexFlow' | 'height' | 'left' | 'margin' | 'order' | 'overflow' | 'padding')
  | ('right' | 'top' | 'visibility' | 'width');

/** The box a control is in: `slider.layout.width = '50%'`. */
export class Layout extends control({ name: 'Layout', module: baseModule }, layoutFields) {}

const color = nullable(text());
const descriptionWidth = text();
const font = {
  fontFamily: nullable(text()),
  fontSize: nullable(text()),
  fontStyle: nullable(text()),
  fontVariant: nullable(text()),
  fontWeight: nullable(text()),
  textColor: color,
  textDecoration: nullable(text()),
};
const textual = { descriptionWidth, background: nullable(text()), fontSize: nullable(text()), textColor: color };

function style<F extends Fields>(name: string, fields: F) {
  return control({ name, view: 'StyleView', viewModule: baseModule }, fields);
}

export class DescriptionStyle extends style('DescriptionStyle', { descriptionWidth }) {}
export class SliderStyle extends style('SliderStyle', { descriptionWidth, handleColor: color }) {}
export class ProgressStyle extends style('ProgressStyle', { descriptionWidth, barColor: color }) {}
export class CheckboxStyle extends style('CheckboxStyle', { descriptionWidth, background: nullable(text()) }) {}
export class ButtonStyle extends style('ButtonStyle', { buttonColor: color, ...font }) {}
export class ToggleButtonStyle extends style('ToggleButtonStyle', { descriptionWidth, ...font }) {}
export class ToggleButtonsStyle extends style('ToggleButtonsStyle', {
  descriptionWidth,
  buttonWidth: text(),
  fontWeight: text(),
}) {}
export class TextStyle extends style('TextStyle', textual) {}
export class HTMLStyle extends style('HTMLStyle', textual) {}
export class LabelStyle extends style('LabelStyle', { descriptionWidth, background: nullable(text()), ...font }) {}

/** What every visible control has. */
export const visible = {
  /** Shown while the mouse rests on it. */
  tooltip: nullable(text()),
  /** Whether the Tab key reaches it. */
  tabbable: nullable(flag(true)),
  /** CSS classes of its element. */
  domClasses: named('_dom_classes', listOf(text())),
};

/** Controls with words beside them. */
export const described = {
  ...visible,
  /** The words beside it. */
  description: text(),
  /** Whether these words are HTML. */
  descriptionAllowHtml: flag(false),
};

/** Controls that can be switched off. */
export const entered = { ...described, disabled: flag(false) };

export type StyleClass = new (options?: never) => object;

export interface LayoutOption {
  /** `{ width: '50%' }`, or a Layout that several controls share. */
  readonly layout?: Layout | ConstructorParameters<typeof Layout>[0];
}

export type StyleOption<S extends StyleClass> = S extends new (
  options?: infer O,
) => infer I
  ? { readonly style?: I | O }
  : never;

/** A control with a layout. */
export function boxed<F extends Fields>(kind: ControlKind, fields: F) {
  return control({ ...kind, parts: { layout: layoutPart } }, fields) as unknown as new (
    options?: Partial<PropertiesOf<F>> & LayoutOption,
  ) => Control<PropertiesOf<F>> & { readonly layout: Layout };
}

/** A control with a layout and a style. */
export function dressed<F extends Fields, S extends StyleClass>(kind: ControlKind, fields: F, styleClass: S) {
  const parts = { layout: layoutPart, style: (given: unknown) => made(styleClass, given) };
  return control({ ...kind, parts }, fields) as unknown as new (
    options?: Partial<PropertiesOf<F>> & LayoutOption & StyleOption<S>,
  ) => Control<PropertiesOf<F>> & { readonly layout: Layout; readonly style: InstanceType<S> };
}

const layoutPart = (given: unknown) => made(Layout, given);

function made(kind: StyleClass, given: unknown): unknown {
  return isWidget(given) ? given : new kind(given as never);
}
