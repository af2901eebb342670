// What was taken for what: a row a true label, a column a predicted one; a cell's colour is its share of its row, so that
// rare labels show as clearly as common ones.
//
//   show(confusionMatrix([[45, 5], [8, 42]], ['negative', 'positive']));

import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, inkOn, plain, scaleColor, sequentialScale } from './theme.js';

const colorbar = {
  title: { text: "Share of the true label's rows", side: 'right', font: { size: 13 } },
  tickformat: '.0%',
  thickness: 14,
  outlinewidth: 0,
};

/** Up to this many labels a cell has room for its count and percentage. */
const mostWritten = 12;

/**
 * A confusion matrix as a heat map.
 *
 * @param counts `counts[t][p]`: how many rows of true label `t` were predicted as `p`; whole numbers, 0 or more.
 * @param labels the names of the labels, as many as rows and columns.
 * @throws if the shape and the labels disagree, or a count is not a whole number.
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  labels: readonly string[],
  options: { readonly title?: string } = {},
): Figure & Displayable {
  requireRows(counts, 'confusionMatrix', 'Give a row of counts for each true label.');
  checkCounts(counts, labels);
  const totals = counts.map(sum);
  const shares = counts.map((row, t) => row.map((count) => (totals[t] === 0 ? null : count / (totals[t] as number))));
  const written = labels.length <= mostWritten;
  const names = labels.map(plain);
  // Plotly takes equal names on an axis for one place; positions keep labels apart whatever they are called.
  const places = labels.map((_, i) => i);
  const describe = (t: number, p: number): string => {
    const share = shares[t]?.[p] ?? null;
    const part = share === null ? 'no such rows' : `${percent(share)} of the true label's ${totals[t]}`;
    return `true label: ${names[t]}<br>predicted label: ${names[p]}<br>${counts[t]?.[p]} (${part})`;
  };
  const data: object[] = [
    {
      type: 'heatmap',
      x: places,
      y: places,
      z: shares,
      ...{ zmin: 0, zmax: 1, colorscale: sequentialScale, xgap: 2, ygap: 2, showscale: !written },
      ...(written ? {} : { colorbar }),
      hovertext: counts.map((row, t) => row.map((_, p) => describe(t, p))),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  if (written) data.push(cellTexts(counts, shares));
  const side = Math.min(Math.max(labels.length * 62, 260), 760);
  const ticks = { tickmode: 'array', showgrid: false, constrain: 'domain' };
  // Beyond some forty labels names would lie on each other: every second, third, ... is written.
  const every = Math.ceil(labels.length / 40);
  const sparse = { tickvals: places.filter((i) => i % every === 0), ticktext: names.filter((_, i) => i % every === 0) };
  const layout = baseLayout(
    {
      title: options.title ?? 'Confusion matrix',
      subtitle: written
        ? "Number of rows; percentage and colour: share of the true label's rows"
        : "Colour: share of the true label's rows",
      height: side + 190,
    },
    {
      xaxis: axis('Predicted label', {
        ...ticks,
        ...sparse,
        range: [-0.5, labels.length - 0.5],
        constraintoward: 'left',
      }),
      yaxis: axis('True label', {
        ...{ ...ticks, ...sparse, range: [labels.length - 0.5, -0.5] },
        // Square cells while they are few; many labels take the whole width.
        ...(written ? { scaleanchor: 'x', constraintoward: 'top' } : {}),
      }),
    },
  );
  const columns = [
    { title: 'true \\ predicted' },
    ...[...labels, 'rows', 'correct'].map((title) => ({ title, right: true })),
  ];
  const rows = counts.map((row, t) => [
    labels[t] as string,
    ...row.map(String),
    String(totals[t]),
    shares[t]?.[t] == null ? '–' : percent(shares[t][t]),
  ]);
  return figure({ data, layout, text: textTable(columns, rows), alt: finding(counts, labels) });
}

/** What stands in the cells, dark on light ones and light on dark ones; a heat map's own texts come in one colour. */
function cellTexts(counts: readonly (readonly number[])[], shares: readonly (readonly (number | null)[])[]): object {
  const cells = counts.flatMap((row, t) => row.map((count, p) => ({ t, p, count, share: shares[t]?.[p] ?? null })));
  return {
    type: 'scatter',
    mode: 'text',
    x: cells.map(({ p }) => p),
    y: cells.map(({ t }) => t),
    text: cells.map(({ count, share }) =>
      share === null ? String(count) : `${count}<br>${percent(share, Number.isInteger(share) ? 0 : 1)}`,
    ),
    textfont: { size: counts.length <= 6 ? 14 : 11, color: cells.map(({ share }) => inkOn(scaleColor(share ?? 0))) },
    hoverinfo: 'skip',
    showlegend: false,
  };
}

function finding(counts: readonly (readonly number[])[], labels: readonly string[]): string {
  const all = sum(counts.map(sum));
  const right = sum(counts.map((row, t) => row[t] as number));
  const opening = `Confusion matrix of ${labels.length} labels`;
  if (all === 0) return `${opening}, without any rows.`;
  const share = `${opening}: ${right.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} rows right (${percent(right / all)}).`;
  let worst = { count: 0, t: 0, p: 0 };
  counts.forEach((row, t) => {
    row.forEach((count, p) => {
      if (t !== p && count > worst.count) worst = { count, t, p };
    });
  });
  if (worst.count === 0) return share;
  return `${share} Most common mistake: ${labels[worst.t]} taken for ${labels[worst.p]}, ${worst.count} time${worst.count === 1 ? '' : 's'}.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function checkCounts(counts: readonly (readonly number[])[], labels: readonly string[]): void {
  if (labels.length !== counts.length) {
    throw new Error(
      `confusionMatrix: ${counts.length} rows of counts but ${labels.length} labels. Give one name a row.`,
    );
  }
  counts.forEach((row, t) => {
    if (row.length !== labels.length) {
      throw new Error(
        `confusionMatrix: the row of ${JSON.stringify(labels[t])} has ${row.length} counts, not ${labels.length}.`,
      );
    }
    row.forEach((count, p) => {
      if (Number.isInteger(count) && count >= 0) return;
      throw new Error(`confusionMatrix: counts[${t}][${p}] is ${count}. Counts are whole numbers, 0 or more.`);
    });
  });
}
