// A tensor as text: type, shape, and a corner of its values.
//
//   Tensor float32 [2, 3]: 6 values
//   0.5     1  1.5
//     2  2.25    3

import { brief } from './plain-text.js';
import { product, type TensorView } from './tensor.js';
import { bytes, counted, shorten } from './words.js';

/** The corner that is shown. */
const shown = { rows: 6, columns: 8 };

const widths: Record<string, number> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  complex64: 8,
  float16: 2,
  int16: 2,
  uint16: 2,
};

export function tensorText(tensor: TensorView): string {
  const { kind, dtype, shape } = tensor;
  const total = product(shape);
  const width = widths[dtype] ?? (/8$|^bool$/.test(dtype) ? 1 : 4);
  const size = total >= 100_000 && dtype !== 'string' ? `, ${bytes(total * width)}` : '';
  const title = `${kind} ${dtype} [${shape.join(', ')}]: ${counted(total, 'value')}${size}`;
  if (total === 0) return title;
  try {
    return [title, ...values(tensor)].join('\n');
  } catch (problem) {
    return `${title} (${brief(problem).replace(/^\w*Error: /, '')})`;
  }
}

function values(tensor: TensorView): string[] {
  const { dtype, shape } = tensor;
  const rank = shape.length;
  const rows = rank < 2 ? 1 : Math.min(shown.rows, shape[rank - 2] as number);
  const columns = rank < 1 ? 1 : Math.min(shown.columns, shape[rank - 1] as number);
  const size = shape.map((_, at) => (at === rank - 1 ? columns : at === rank - 2 ? rows : 1));
  const corner = tensor.corner(size);
  const cells = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => valueText(corner[row * columns + column], dtype)),
  );
  const width = Math.max(...cells.flat().map((each) => each.length));
  const more = {
    rows: rank > 1 && rows < (shape[rank - 2] as number),
    columns: rank > 0 && columns < (shape[rank - 1] as number),
  };
  const lines = cells.map((row) => row.map((each) => each.padStart(width)).join('  ') + (more.columns ? '  ...' : ''));
  if (more.rows) lines.push('...');
  // Of more dimensions than two the first matrix is shown.
  if (rank > 2) lines.unshift(`At [${[...Array(rank - 2).fill('0'), ':', ':'].join(', ')}]:`);
  return lines;
}

function valueText(value: unknown, dtype: string): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
  }
  if (dtype === 'string') return JSON.stringify(shorten(String(value), 30));
  return String(value);
}
