// show(figure): the one call that draws, the same on every kernel. In plain Node it prints the figure's text.
//
//   show(sizeVersusAccuracy(runs));
//   show(table(mistakes, { caption: 'The ten worst mistakes' }));

import { type Displayable, type Figure, jupyterDisplay, type MimeBundle, mimeBundle } from './figure.js';
import { findKernel } from './kernel.js';

/**
 * Shows a figure, a table, or anything with a MIME bundle, under the cell that runs; prints its text in plain Node.
 *
 * @throws if `what` has nothing to show.
 */
export function show(what: Figure | Displayable | MimeBundle): void {
  const data = bundleOf(what);
  const publish = findKernel();
  if (publish) publish({ data, metadata: {}, transient: {} }, false);
  else process.stdout.write(`${textOf(data)}\n`);
}

/** The MIME bundle of anything `show` takes. */
export function bundleOf(what: Figure | Displayable | MimeBundle): MimeBundle {
  if (typeof what === 'object' && what !== null) {
    const display = (what as Partial<Displayable>)[jupyterDisplay];
    if (typeof display === 'function') return display.call(what);
    const { data, layout, text, alt } = what as Partial<Figure>;
    if (Array.isArray(data) && typeof layout === 'object') {
      return mimeBundle({ data, layout, text: text ?? '', alt: alt ?? 'A figure without a description.' });
    }
    const keys = Object.keys(what);
    if (keys.length > 0 && keys.every((key) => /^[\w.+-]+\/[\w.+-]+$/.test(key))) return what as MimeBundle;
  }
  const hint = Array.isArray(what) ? ' For an array of records, call show(table(rows)).' : '';
  throw new Error(`show: nothing to show in ${describe(what)}. It takes a figure, a table or a MIME bundle.${hint}`);
}

/** What is printed where nothing can be drawn: the text form, else the names of the forms there are. */
export function textOf(data: MimeBundle): string {
  const text = data['text/plain'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}

function describe(what: unknown): string {
  if (Array.isArray(what)) return `an array of ${what.length}`;
  if (typeof what === 'object' && what !== null)
    return `an object with ${Object.keys(what).slice(0, 5).join(', ') || 'no fields'}`;
  return typeof what === 'string' ? JSON.stringify(what.slice(0, 40)) : String(what);
}
