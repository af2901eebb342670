// A report as a picture: for each metric a panel, in it for each case a bar of ours above one of the reference's. SVG, no library.
import type { Report, Row } from './report.js';

const width = 760;
const [left, right] = [150, 110];
const [bar, gap, head] = [13, 12, 44];
const colours = { ours: '#0072B2', reference: '#999999' };

/** @returns the text of a .svg file */
export function picture({ suite, rows }: Report): string {
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const parts: string[] = [];
  let top = 0;
  for (const metric of metrics) {
    const mine = rows.filter((row) => row.metric === metric);
    parts.push(panel(metric, mine, top));
    top += head + mine.length * (2 * bar + gap) + gap;
  }
  const alt = rows.map((row) => `${row.case}, ${row.metric}: ${shown(row.ours)} against ${shown(row.reference)}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(suite)}</title><desc>${escaped(alt.join('; '))}</desc>`,
    `<rect width="${width}" height="${top}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function panel(metric: string, rows: readonly Row[], top: number): string {
  const most = Math.max(...rows.flatMap(({ ours, reference }) => [ours, reference]));
  const scale = (width - left - right) / (most || 1);
  const text = (x: number, y: number, content: string, more = '') =>
    `<text x="${x}" y="${y}" ${more}>${escaped(content)}</text>`;
  const key = (x: number, colour: string, name: string) =>
    `<rect x="${x}" y="${top + 17}" width="11" height="11" fill="${colour}"/>${text(x + 16, top + 27, name)}`;
  const lines = rows.map((row, i) => {
    const y = top + head + i * (2 * bar + gap);
    const one = (value: number, at: number, colour: string) =>
      `<rect x="${left}" y="${at}" width="${(value * scale).toFixed(1)}" height="${bar}" fill="${colour}"/>` +
      text(left + value * scale + 5, at + bar - 2, shown(value));
    return [
      text(left - 8, y + bar + 4, row.case, 'text-anchor="end"'),
      one(row.ours, y, colours.ours),
      one(row.reference, y + bar, colours.reference),
    ].join('');
  });
  return [
    text(8, top + 27, metric, 'font-weight="bold"'),
    key(left + 250, colours.ours, 'ours'),
    key(left + 320, colours.reference, [...new Set(rows.map(({ referenceName }) => referenceName))].join(', ')),
    ...lines,
  ].join('\n');
}

const shown = (value: number): string => value.toFixed(value >= 10 ? 0 : 2);
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
