// Widgets, as notebooks import them: `import { IntSlider, interact } from 'model-types/widgets'`.

export { type AnyWidgetOptions, AnywidgetWidget, anywidget, type FrontEndModel, type Render } from './anywidget.js';
export { Accordion, HBox, Tab, VBox } from './boxes.js';
export { type Abbreviation, type Interactive, interact, type ValueOf } from './interact.js';
export { Layout } from './looks.js';
export {
  BoundedFloatText,
  BoundedIntText,
  FloatProgress,
  FloatSlider,
  FloatText,
  IntProgress,
  IntSlider,
  IntText,
} from './numbers.js';
export { type KeptOutput, Output } from './output.js';
export { type LoopOptions, ProgressBar, type ProgressOptions, progress, progressBar } from './progress.js';
export {
  Dropdown,
  type Options,
  type OptionValue,
  RadioButtons,
  Select,
  SelectionSlider,
  SelectMultiple,
  ToggleButtons,
} from './selection.js';
export { type AnyWidget, type Change, type ValueWidget, Widget } from './widget.js';
export { Button, Checkbox, HTML, Label, Password, Text, Textarea, ToggleButton } from './words.js';
