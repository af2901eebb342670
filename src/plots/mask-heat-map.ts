// TabNet's masks: which features it looked at for which rows, step by step and in all.
//
//   show(maskHeatMap(await model.masks(test), { rows: 60 }));

import { rounded, shortened } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, plain, sequentialScale } from './theme.js';

/** Attention of each step: `rows x features` numbers, row after row, 0 or more. */
export interface Masks {
  readonly features: readonly string[];
  readonly steps: readonly ArrayLike<number>[];
  /** All steps together, each weighted by what it gave to the output; rows may sum up to anything. */
  readonly aggregate: ArrayLike<number>;
}

export interface MaskHeatMapOptions {
  readonly title?: string;
  /** Rows drawn, the table's first. The text is the mean over all. Default 50. */
  readonly rows?: number;
}

/**
 * A panel for all steps together and one for each, features down and rows across.
 *
 * @throws if there are no rows or steps, or the arrays are not of the same whole number of rows.
 */
export function maskHeatMap(
  masks: Masks,
  { title = "TabNet's attention", rows: most = 50 }: MaskHeatMapOptions = {},
): Figure & Displayable {
  const features = requireRows(masks.features, 'maskHeatMap: features', 'Give what model.masks(table) returned.');
  requireRows(masks.steps, 'maskHeatMap: steps', 'Give what model.masks(table) returned.');
  const panels = [
    { name: 'All steps', values: masks.aggregate },
    ...masks.steps.map((values, i) => ({ name: `Step ${i + 1}`, values })),
  ];
  const rowCount = masks.aggregate.length / features.length;
  for (const { name, values } of panels)
    if (values.length !== masks.aggregate.length || !Number.isInteger(rowCount) || rowCount === 0)
      throw new Error(
        `maskHeatMap: '${name}' has ${values.length} numbers, which is not ${features.length} features for each of some rows, the same in all steps.`,
      );
  const shares = panels.map(({ name, values }) => ({ name, values: sharesOf(values, features.length, name) }));
  const drawn = Math.min(most, rowCount);
  const means = shares.map(({ values }) =>
    features.map((_, f) => {
      let sum = 0;
      for (let row = 0; row < rowCount; row++) sum += values[row * features.length + f] as number;
      return sum / rowCount;
    }),
  );
  const order = features.map((_, f) => f).sort((a, b) => (means[0]?.[b] as number) - (means[0]?.[a] as number));
  const gap = 0.025;
  const width = (1 - gap * (panels.length - 1)) / panels.length;
  const suffix = (p: number): string => (p === 0 ? '' : String(p + 1));
  const data = shares.map(({ name, values }, p) => ({
    ...{ type: 'heatmap', xaxis: `x${suffix(p)}`, yaxis: 'y', zmin: 0, zmax: 1, colorscale: sequentialScale },
    z: order.map((f) =>
      Array.from({ length: drawn }, (_, row) => rounded(values[row * features.length + f] as number)),
    ),
    ...{ x: Array.from({ length: drawn }, (_, row) => row), y: order.map((_, i) => i) },
    showscale: p === 0,
    ...(p > 0
      ? {}
      : {
          colorbar: {
            title: { text: 'Share of the attention', side: 'right', font: { size: 13 } },
            tickformat: '.0%',
            thickness: 14,
            outlinewidth: 0,
          },
        }),
    customdata: order.map((f) => Array.from({ length: drawn }, () => plain(features[f] as string))),
    hovertemplate: `${name}, row %{x}, %{customdata}: %{z:.1%}<extra></extra>`,
  }));
  const axes = shares.map(({ name }, p) => [
    `xaxis${suffix(p)}`,
    axis('', {
      title: { text: name, font: { size: 13 }, standoff: 6 },
      ...{
        domain: [p * (width + gap), p * (width + gap) + width],
        anchor: 'y',
        showgrid: false,

        tickmode: 'array',
        tickvals: [],
      },
    }),
  ]);
  const layout = baseLayout(
    {
      ...{ title, height: 180 + features.length * 22 },
      subtitle: `${drawn.toLocaleString('en-US')} of ${rowCount.toLocaleString('en-US')} rows across; dark: looked at`,
    },
    {
      ...Object.fromEntries(axes),
      yaxis: axis('', {
        ...{
          tickmode: 'array',
          tickvals: order.map((_, i) => i),
          showgrid: false,
          range: [features.length - 0.5, -0.5],
        },
        ticktext: order.map((f) => plain(shortened(features[f] as string, 22))),
      }),
    },
  );
  const text = textTable(
    [
      { title: 'mean share of the attention' },
      ...shares.map(({ name }) => ({ title: name.toLowerCase(), right: true })),
    ],
    order.map((f) => [features[f] as string, ...means.map((mean) => percent(mean[f] as number))]),
  );
  const alt = `Attention of TabNet in ${masks.steps.length} steps over ${rowCount.toLocaleString('en-US')} rows. Most of all: ${order
    .slice(0, 3)
    .map((f) => `${features[f]} (${percent(means[0]?.[f] as number)})`)
    .join(', ')}.`;
  return figure({ data, layout, text, alt });
}

/** Each row's numbers divided by their sum; a row of zeros stays one. */
function sharesOf(values: ArrayLike<number>, features: number, name: string): Float64Array {
  const shares = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += features) {
    let sum = 0;
    for (let at = start; at < start + features; at++) {
      const value = values[at] as number;
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
        throw new Error(`maskHeatMap: '${name}' holds ${value}; attention is a number of at least 0.`);
      sum += value;
    }
    for (let at = start; at < start + features; at++) shares[at] = sum === 0 ? 0 : (values[at] as number) / sum;
  }
  return shares;
}
