// A figure of lines and points as SVG, for the time in which it changes. JupyterLab's Plotly renderer (plotly 7.1 and before)
// draws an output once and ignores its updates; HTML it redraws at once, without a flicker. So a live figure is this
// sketch while work goes on, in the same colours and places, and Plotly's picture at its end.

import type { Figure } from './figure.js';
import { escapeHtml } from './table.js';
import { spread } from './text-table.js';
import { fontFamily, grey, textColor } from './theme.js';

/** What the sketch reads of a Plotly trace and axis; the rest of Plotly's vocabulary it does not know. */
interface Trace {
  readonly type?: string;
  readonly mode?: string;
  readonly name?: string;
  readonly showlegend?: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly yaxis?: string;
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: string };
  readonly marker?: { readonly color?: string; readonly size?: number; readonly opacity?: number };
}
interface Axis {
  readonly type?: string;
  readonly title?: { readonly text?: string };
  readonly range?: readonly [number, number];
  readonly domain?: readonly [number, number];
  readonly rangemode?: string;
}
interface Layout {
  readonly height?: number;
  readonly title?: { readonly text?: string };
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly yaxis2?: Axis;
}

const width = 900;
const margin = { left: 76, right: 30, top: 60, bottom: 58 };
/** More points than this could not be told apart at this width. */
const mostPoints = 900;
const dashes: Readonly<Record<string, string>> = { dash: '8 5', dot: '2 4', dashdot: '8 4 2 4', longdash: '13 6' };

/** The figure as HTML with one SVG in it, or undefined if it holds more than lines and points on linear axes. */
export function sketch(picture: Figure): string | undefined {
  const traces = picture.data as readonly Trace[];
  const layout = picture.layout as Layout;
  if (traces.some((trace) => trace.type !== 'scatter') || [layout.xaxis, layout.yaxis].some((axis) => axis?.type))
    return;
  const height = layout.height ?? 400;
  const x = scale(
    layout.xaxis,
    traces.flatMap((trace) => trace.x),
    [margin.left, width - margin.right],
  );
  const parts = [text(margin.left, 30, heading(layout.title?.text), { size: 18 })];
  let bottom = margin.top;
  for (const [name, axis] of [
    ['y', layout.yaxis],
    ['y2', layout.yaxis2],
  ] as const) {
    const own = traces.filter((trace) => (trace.yaxis ?? 'y') === name);
    if (own.length === 0) continue;
    const inside = height - margin.top - margin.bottom;
    const [from, to] = axis?.domain ?? [0, 1];
    const [low, high] = [margin.top + (1 - from) * inside, margin.top + (1 - to) * inside];
    bottom = Math.max(bottom, low);
    const y = scale(
      axis,
      own.flatMap((trace) => trace.y),
      [low, high],
    );
    for (const tick of y.ticks) {
      parts.push(`<path d="M${x.from} ${px(y.at(tick))}H${x.to}" stroke="#E6E6E6"/>`);
      parts.push(text(x.from - 9, y.at(tick) + 4, y.write(tick), { anchor: 'end' }));
    }
    parts.push(
      `<path d="M${x.from} ${px(low)}V${px(high)}M${x.from} ${px(low)}H${x.to}" stroke="#8A8A8A" fill="none"/>`,
    );
    const middle = (low + high) / 2;
    parts.push(
      text(20, middle, heading(axis?.title?.text), {
        size: 14,
        anchor: 'middle',
        turn: `rotate(-90 20 ${px(middle)})`,
      }),
    );
    parts.push(...own.map((trace) => drawn(trace, x.at, y.at)));
  }
  for (const tick of x.ticks) parts.push(text(x.at(tick), bottom + 20, x.write(tick), { anchor: 'middle' }));
  parts.push(
    text((x.from + x.to) / 2, bottom + 46, heading(layout.xaxis?.title?.text), { size: 15, anchor: 'middle' }),
  );
  parts.push(legend(traces.filter((trace) => trace.showlegend !== false && trace.name !== undefined)));
  const style = `width:100%;height:auto;max-height:${height * 1.3}px;background:#FFFFFF;font-family:${escapeHtml(fontFamily)}`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(picture.alt)}" style="${style}">${parts.join('')}</svg>`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  at(value: number): number;
  write(value: number): string;
}

/** Values to pixels, with ticks at 1, 2 or 5 times a power of ten. */
function scale(axis: Axis | undefined, values: readonly number[], [from, to]: readonly [number, number]): Scale {
  // reduce, not Math.min(...values): a long run has more points than a call takes arguments.
  let low =
    axis?.range?.[0] ??
    values.reduce((a, b) => Math.min(a, b), axis?.rangemode === 'tozero' ? 0 : Number.POSITIVE_INFINITY);
  let high = axis?.range?.[1] ?? values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) * 1.05;
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const rough = (high - low) / Math.max(2, Math.min(7, Math.abs(to - from) / 55));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) as number) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    ...{ from, to, ticks },
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    write: (value) =>
      value !== 0 && digits > 3
        ? Number(value.toPrecision(2)).toExponential()
        : value.toLocaleString('en-US', {
            minimumFractionDigits: digits > 3 ? 0 : digits,
            maximumFractionDigits: digits,
          }),
  };
}

function drawn(trace: Trace, x: (value: number) => number, y: (value: number) => number): string {
  const all = trace.x.map((value, i) => [px(x(value)), px(y(trace.y[i] as number))] as const);
  const shown = spread(all, mostPoints);
  let result = '';
  if (trace.mode?.includes('lines')) {
    const dash = dashes[trace.line?.dash ?? ''];
    const look = `stroke="${trace.line?.color ?? grey}" stroke-width="${trace.line?.width ?? 2}"${dash ? ` stroke-dasharray="${dash}"` : ''}`;
    result += `<polyline points="${shown.map((point) => point.join(',')).join(' ')}" fill="none" stroke-linejoin="round" ${look}/>`;
  }
  if (trace.mode?.includes('markers')) {
    const radius = (trace.marker?.size ?? 6) / 2;
    const circles = shown.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="${radius}"/>`).join('');
    result += `<g fill="${trace.marker?.color ?? grey}" fill-opacity="${trace.marker?.opacity ?? 1}">${circles}</g>`;
  }
  return result;
}

/** Names with their line or point, in a row that ends at the right above the picture. */
function legend(traces: readonly Trace[]): string {
  let right = width - margin.right;
  const parts = [...traces].reverse().map((trace) => {
    const name = trace.name as string;
    const left = right - name.length * 7 - 34;
    right = left - 16;
    const sample = { ...trace, x: trace.mode?.includes('lines') ? [0, 24] : [12], y: [0, 0] };
    return (
      drawn(
        sample,
        (value) => left + value,
        () => margin.top - 14,
      ) + text(left + 30, margin.top - 10, escapeHtml(name), {})
    );
  });
  return parts.join('');
}

/** A text of the layout without its second line; Plotly's own escapes are those of HTML. */
function heading(title = ''): string {
  return title.replace(/<br>[\s\S]*$/, '');
}

function text(x: number, y: number, content: string, { size = 13, anchor = 'start', turn = '' }): string {
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${textColor}" text-anchor="${anchor}"${turn ? ` transform="${turn}"` : ''}>${content}</text>`;
}

function px(value: number): number {
  return Math.round(value * 10) / 10;
}
