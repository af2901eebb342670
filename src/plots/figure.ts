// A figure is plain data: what Plotly draws, the same numbers as text, and one sentence that says what there is to see.
// It knows nothing of notebooks; `mimeBundle` turns it into what any Jupyter client, or an exported page, can show.
//
//   const picture = figure({ data: [{ type: 'bar', x: [1], y: ['a'] }], layout: {}, text: 'a  1', alt: 'One bar.' });
//   mimeBundle(picture)['text/plain'];   // 'One bar.\n\na  1'

import { jupyterDisplay } from '../jupyter-display.js';

export { jupyterDisplay };

/** Forms of one output, MIME type to content: text as a string, JSON types as an object. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Anything that can be shown in a notebook. */
export interface Displayable {
  readonly [jupyterDisplay]: () => MimeBundle;
}

/** A picture: Plotly traces and layout, its numbers as an aligned text table, and a sentence with its main finding. */
export interface Figure {
  readonly data: readonly object[];
  readonly layout: object;
  /** The numbers drawn, as a small aligned table. Also serves those who cannot see the picture. */
  readonly text: string;
  /** What there is to see, in a sentence computed from the numbers. */
  readonly alt: string;
}

/** The two forms of a figure. `text/plain` opens with the alt text. */
export interface FigureBundle extends MimeBundle {
  readonly 'application/vnd.plotly.v1+json': {
    readonly data: readonly object[];
    readonly layout: object;
    readonly config: object;
  };
  readonly 'text/plain': string;
}

/** Responsive, without Plotly's logo or the buttons that mean nothing on these pictures; nothing asks another origin. */
const config = {
  responsive: true,
  displaylogo: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
};

/** The MIME bundle of a figure, for any Jupyter client. The alt text is in `layout.meta.alt` too. */
export function mimeBundle(picture: Figure): FigureBundle {
  return {
    'application/vnd.plotly.v1+json': {
      data: picture.data,
      layout: { ...picture.layout, meta: { alt: picture.alt } },
      config,
    },
    'text/plain': `${picture.alt}\n\n${picture.text}`,
  };
}

/** Makes a figure that a kernel can show as a cell's last value, and that prints as text where nothing can draw. */
export function figure(parts: Figure): Figure & Displayable {
  const picture = { ...parts, [jupyterDisplay]: () => mimeBundle(parts) };
  // Printed by console.log or as a cell's last value in a kernel without rich results, a figure is its text, not its JSON.
  Object.defineProperty(picture, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `${parts.alt}\n\n${parts.text}`,
  });
  return picture;
}
