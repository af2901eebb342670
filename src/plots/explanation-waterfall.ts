// One row explained: from the mean output, feature by feature, to what the model says of this row.
//
//   const why = await model.explain(test);
//   show(explanationWaterfall(why, 17, test));

import type { Explanation } from '../tabular/estimator.js';
import type { Table } from '../tabular/table/table.js';
import { shortened, signed, valueText } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, percent } from './numbers.js';
import { checkExplanation, outputName } from './shap-beeswarm.js';
import { displayWidth, textTable } from './text-table.js';
import { axis, baseLayout, blue, grey, plain, vermilion } from './theme.js';
import { endsOf } from './thin.js';

export interface ExplanationWaterfallOptions {
  readonly title?: string;
  /** Features drawn at most, the largest contributions first; the others are one bar. Default 10. */
  readonly most?: number;
}

/**
 * A bar a feature, each beginning where the one above it ends.
 *
 * @throws if there is no such row, or the explanation is of another number of rows than the table has.
 */
export function explanationWaterfall(
  explanation: Explanation,
  row: number,
  table: Table,
  { title = `Why row ${row} gets its prediction`, most = 10 }: ExplanationWaterfallOptions = {},
): Figure & Displayable {
  const features = checkExplanation(explanation, table, 'explanationWaterfall');
  if (!Number.isInteger(row) || row < 0 || row >= table.rowCount)
    throw new RangeError(
      `explanationWaterfall: there is no row ${row}, the explanation is of ${table.rowCount} rows, counted from 0.`,
    );
  const steps = features
    .map(({ name, values, column }) => ({
      name: column === undefined ? name : `${name} = ${valueText(column, row)}`,
      change: values[row] as number,
    }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const shown = steps.length <= most ? steps : steps.slice(0, most - 1);
  const others = steps.slice(shown.length);
  if (others.length > 0)
    shown.push({
      name: `${others.length} other features`,
      change: others.reduce((sum, { change }) => sum + change, 0),
    });
  const { base } = explanation;
  let output = base;
  const bars = shown.map(({ name, change }) => {
    const from = output;
    output += change;
    return { name, change, from, to: output };
  });
  const format = columnFormat([base, output, ...bars.map(({ change }) => change)]);
  const places = bars.map((_, i) => i);
  const written = bars.map(({ change }) => signed(change, format));
  const data = [
    {
      ...{ type: 'bar', orientation: 'h', y: places, width: 0.62 },
      ...{ x: bars.map(({ change }) => change), base: bars.map(({ from }) => from) },
      marker: { color: bars.map(({ change }) => (change < 0 ? blue : vermilion)) },
      hovertext: bars.map(
        ({ name, from, to }, i) => `${plain(name)}: ${written[i]}<br>from ${format(from)} to ${format(to)}`,
      ),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  const [low, high] = endsOf([base, ...bars.map(({ to }) => to)]);
  const room = (high - low || 1) * (0.06 + Math.max(...written.map(displayWidth)) * 0.024);
  const line = (x: number, y0: number, y1: number) => ({
    ...{ type: 'line', x0: x, x1: x, y0, y1, layer: 'below', line: { color: grey, width: 1, dash: 'dot' } },
  });
  const end = (x: number, y: number, text: string) => ({
    ...{
      x,
      y,
      text,
      showarrow: false,
      font: { size: 13 },
      xanchor: anchor((x - low + room) / (high - low + 2 * room)),
    },
    yanchor: 'middle',
  });
  // So that the text stays inside wherever on the axis it begins.
  const anchor = (share: number): string => (share < 0.35 ? 'left' : share > 0.65 ? 'right' : 'center');
  const last = bars.length - 1;
  const chance = (value: number): string => percent(1 / (1 + Math.exp(-value)));
  const asProbability = (value: number): string =>
    explanation.unit === 'log-odds' ? ` (probability ${chance(value)})` : '';
  const [said, told] = [`mean: ${format(base)}`, `this row: ${format(output)}`];
  const subtitle =
    explanation.unit === 'log-odds' ? { subtitle: `From a probability of ${chance(base)} to ${chance(output)}` } : {};
  const layout = baseLayout(
    { title, height: 220 + bars.length * 36, ...subtitle },
    {
      xaxis: axis(
        outputName(explanation).replace(/^./, (letter) => letter.toUpperCase()),
        {
          range: [low - room, high + room],
        },
      ),
      yaxis: axis('', {
        ...{ tickmode: 'array', tickvals: places, ticktext: bars.map(({ name }) => plain(shortened(name, 36))) },
        ...{ range: [last + 1.2, -1.2], showgrid: false, tickcolor: '#FFFFFF' },
      }),
      shapes: [
        line(base, -0.7, 0),
        ...bars.slice(0, -1).map(({ to }, i) => line(to, i, i + 1)),
        line(output, last, last + 0.7),
      ],
      annotations: [
        end(base, -0.85, said),
        end(output, last + 0.85, `<b>${told}</b>`),
        ...bars.map(({ from, to, change }, i) => ({
          ...{ x: change < 0 ? Math.min(from, to) : Math.max(from, to), y: i, text: written[i], showarrow: false },
          ...{
            font: { size: 13 },
            ...(change < 0 ? { xanchor: 'right', xshift: -5 } : { xanchor: 'left', xshift: 5 }),
          },
        })),
      ],
      showlegend: false,
    },
  );
  const columns = [
    { title: 'feature' },
    { title: 'contribution', right: true },
    { title: outputName(explanation), right: true },
  ];
  const cells = [
    ['mean', '', format(base)],
    ...bars.map(({ name, to }, i) => [name, written[i] as string, format(to)]),
  ];
  const alt = `Row ${row}: from the mean ${outputName(explanation)} of ${format(base)}${asProbability(base)} to ${format(output)}${asProbability(output)}. Largest contributions: ${steps
    .slice(0, 3)
    .map(({ name, change }) => `${name} (${signed(change, format)})`)
    .join(', ')}.`;
  return figure({ data, layout, text: textTable(columns, cells), alt });
}
