// The names of models beside their points in size-versus-accuracy, as Plotly annotations. The picture's true width is not
// known here (it follows the page), so names are placed for a usual one; in a wider picture they only get more room.

import { type Box, type NamedPoint, placeNames } from './labels.js';
import { grey, plain, textColor } from './theme.js';

/** The axes' ranges: log10 of the size, and accuracy in percent. */
export interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

interface Point {
  readonly name: string;
  readonly size: number;
  readonly accuracy: number;
  readonly interval?: readonly [number, number];
}

/** The drawing area at the width of a notebook on a small laptop, in pixels. */
const area = { width: 680, height: 350 };
const fontSize = 13;

/** One annotation a model, and one for the baseline's line. */
export function annotationsOf(
  models: readonly Point[],
  front: readonly Point[],
  baseline: { readonly name: string; readonly accuracy: number } | undefined,
  frame: Frame,
): readonly object[] {
  const x = (size: number): number => ((Math.log10(size) - frame.x[0]) / (frame.x[1] - frame.x[0])) * area.width;
  const y = (share: number): number => ((frame.y[1] - share * 100) / (frame.y[1] - frame.y[0])) * area.height;
  const named: NamedPoint[] = models.map((model) => ({
    name: model.name,
    x: x(model.size),
    y: y(model.accuracy),
  }));
  const obstacles: Box[] = [];
  front.forEach((model, i) => {
    // The step to the right of the model, and the riser to the next.
    const next = front[i + 1];
    const right = next ? x(next.size) : area.width;
    obstacles.push(thin(x(model.size), y(model.accuracy), right, y(model.accuracy)));
    if (next) obstacles.push(thin(right, y(next.accuracy), right, y(model.accuracy)));
  });
  for (const { interval, size } of models) {
    if (interval) obstacles.push(thin(x(size), y(interval[1]), x(size), y(interval[0])));
  }
  const result: object[] = [];
  if (baseline) {
    const level = y(baseline.accuracy);
    obstacles.push(thin(0, level, area.width, level));
    obstacles.push({ left: 0, top: level - 20, right: baseline.name.length * fontSize * 0.56 + 60, bottom: level });
    result.push({
      ...{
        xref: 'paper',
        x: 0,
        xanchor: 'left',
        yref: 'y',
        y: baseline.accuracy * 100,
        yanchor: 'bottom',
        showarrow: false,
      },
      ...{
        text: `${plain(baseline.name)} ${(baseline.accuracy * 100).toFixed(1)}%`,
        font: { size: fontSize, color: grey },
      },
      borderpad: 3,
    });
  }
  const places = placeNames(named, obstacles, { left: 0, top: 0, right: area.width, bottom: area.height }, fontSize);
  models.forEach((model, i) => {
    const { dx, dy, far } = places[i] as { dx: number; dy: number; far: boolean };
    const at = { xref: 'x', x: Math.log10(model.size), yref: 'y', y: model.accuracy * 100 };
    const text = {
      text: plain(model.name),
      font: { size: fontSize, color: textColor },
      bgcolor: 'rgba(255,255,255,0.7)',
    };
    // A leader ends at the marker's rim. Near names need none.
    const place = far
      ? { showarrow: true, ax: dx, ay: dy, arrowhead: 0, arrowwidth: 1, arrowcolor: grey, standoff: 7 }
      : { showarrow: false, xshift: dx, yshift: 0 - dy };
    result.push({ ...at, ...text, ...place });
  });
  return result;
}

/** A line as a box, with a little room on both sides. */
function thin(x0: number, y0: number, x1: number, y1: number): Box {
  return {
    left: Math.min(x0, x1) - 2,
    right: Math.max(x0, x1) + 2,
    top: Math.min(y0, y1) - 2,
    bottom: Math.max(y0, y1) + 2,
  };
}
