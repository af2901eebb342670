// The look shared by all figures. Colour is never the only cue: every series also has its own marker and dash.
// Colours are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/) that reach 3:1 against white, and black.

/** One look of a series: a colour with the marker and the dash that go with it. */
export interface SeriesStyle {
  readonly color: string;
  readonly symbol: string;
  readonly dash: string;
}

export const blue = '#0072B2';
export const vermilion = '#D55E00';
export const green = '#009E73';
export const purple = '#CC79A7';
export const black = '#000000';
/** Lines that only guide the eye, and points that are not the finding. */
export const grey = '#6B6B6B';

/** Series looks, in the order they are given out. */
export const palette: readonly SeriesStyle[] = [
  { color: blue, symbol: 'circle', dash: 'solid' },
  { color: vermilion, symbol: 'diamond', dash: 'dash' },
  { color: green, symbol: 'square', dash: 'dot' },
  { color: purple, symbol: 'triangle-up', dash: 'dashdot' },
  { color: black, symbol: 'x', dash: 'longdash' },
];

/** The look of series `index`, counted from 0; past the palette's end colours repeat with open markers. */
export function seriesStyle(index: number): SeriesStyle {
  const style = palette[index % palette.length] as SeriesStyle;
  return index < palette.length ? style : { ...style, symbol: `${style.symbol}-open` };
}

/** One hue from white to a dark blue: lightness falls evenly, so it reads without colour and in print. */
export const sequentialScale: readonly (readonly [number, string])[] = [
  [0, '#FFFFFF'],
  [0.25, '#CFE3F1'],
  [0.5, '#86B9DA'],
  [0.75, '#2F86BE'],
  [1, '#004C7A'],
];

/** The colour of a scale (default `sequentialScale`) at a share of 0 to 1, as red, green and blue of 0 to 255. */
export function scaleColor(share: number, scale = sequentialScale): readonly [number, number, number] {
  const above = Math.max(
    1,
    scale.findIndex(([at]) => at >= share),
  );
  const [low, high] = [scale[above - 1], scale[above]] as [[number, string], [number, string]];
  const part = (share - low[0]) / (high[0] - low[0]);
  const [from, to] = [rgb(low[1]), rgb(high[1])];
  return [0, 1, 2].map((i) => (from[i] as number) + part * ((to[i] as number) - (from[i] as number))) as never;
}

/** From low to high for points on white: every step reaches 3:1 against it, and the ends differ for all eyes. */
export const lowHighScale: readonly (readonly [number, string])[] = [
  [0, blue],
  [0.5, '#A0628F'],
  [1, vermilion],
];

/** From below zero over white to above zero, as far as the same lightness on both sides. */
export const divergingScale: readonly (readonly [number, string])[] = [
  [0, '#004C7A'],
  [0.25, '#5FA3CC'],
  [0.5, '#FFFFFF'],
  [0.75, '#EE9A5C'],
  [1, '#8F3F00'],
];

/** '#0072B2' -> [0, 114, 178]. */
export function rgb(hex: string): readonly [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as never;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3): texts want 4.5, lines and marks 3. */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: readonly number[]): number {
  const [red, green, blue] = color.map((part) =>
    part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever reads better on a ground: at least 4.5:1. */
export function inkOn(ground: readonly number[]): string {
  const [dark, light] = [black, '#FFFFFF'] as const;
  return contrast(ground, rgb(light)) > contrast(ground, rgb(dark)) ? light : dark;
}

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
export const textColor = '#222222';

/** Plotly reads a little HTML in its texts; names of models and labels are shown as they are. */
export function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A linear axis with its title (say the unit in it), a light grid and ticks that make room for themselves. */
export function axis(title: string, extra: Readonly<Record<string, unknown>> = {}): object {
  return {
    title: { text: title, font: { size: 15 }, standoff: 12 },
    automargin: true,
    ...(extra.showgrid === false ? {} : { gridcolor: '#E6E6E6' }),
    linecolor: '#8A8A8A',
    showline: true,
    zeroline: false,
    ticks: 'outside',
    tickcolor: '#8A8A8A',
    tickfont: { size: 13 },
    ...extra,
  };
}

/**
 * The layout every figure starts from: title at the left (with a smaller second line where given), white ground so that
 * it reads in light and dark notebooks alike, a set height in pixels and the width of whatever it stands in.
 */
export function baseLayout(parts: { title: string; subtitle?: string; height: number }, extra: object = {}): object {
  const subtitle =
    parts.subtitle === undefined ? '' : `<br><span style="font-size:13px">${plain(parts.subtitle)}</span>`;
  return {
    title: {
      text: `${plain(parts.title)}${subtitle}`,
      font: { size: 18 },
      x: 0,
      xref: 'paper',
      xanchor: 'left',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      // Two lines are anchored by their first one's middle.
      pad: { t: subtitle === '' ? 16 : 26 },
    },
    font: { family: fontFamily, size: 14, color: textColor },
    paper_bgcolor: '#FFFFFF',
    plot_bgcolor: '#FFFFFF',
    height: parts.height,
    autosize: true,
    margin: { l: 70, r: 30, t: subtitle === '' ? 60 : 80, b: 60 },
    hoverlabel: {
      bgcolor: '#FFFFFF',
      bordercolor: '#8A8A8A',
      font: { family: fontFamily, size: 13, color: textColor },
      align: 'left',
    },
    // Zoom and hidden series survive an update of a live figure.
    uirevision: 'model-types',
    ...extra,
  };
}

/** A legend in a row over the picture, at its right end, out of the way of the data. */
export const legendAbove = { orientation: 'h', x: 1, xanchor: 'right', y: 1.02, yanchor: 'bottom', font: { size: 13 } };

/** A legend under the horizontal axis, for names too long to stand beside the title. */
export const legendBelow = { orientation: 'h', x: 0, xanchor: 'left', y: -0.2, yanchor: 'top', font: { size: 13 } };
