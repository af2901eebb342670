// What a suite measures, as a table for people and one line of JSON for programs.

/** One comparison of ours with a reference, in the unit of `metric`. */
export interface Row {
  readonly case: string;
  /** What the numbers are, with their unit: "ms per step", "accuracy in percent". */
  readonly metric: string;
  /** NaN where it could not be measured, and a note says why; infinite where no answer came. Both are null in JSON. */
  readonly ours: number;
  readonly reference: number;
  /** With its version: "pytorch 2.15.0". */
  readonly referenceName: string;
  /** ours / reference */
  readonly ratio: number;
  /** ours - reference; for accuracies. */
  readonly difference?: number;
  /** First and third quartile of the measurements, where there were several. */
  readonly quartiles?: { readonly ours: readonly [number, number]; readonly reference: readonly [number, number] };
}

export interface Report {
  readonly suite: string;
  readonly rows: readonly Row[];
  /** What could not be measured, and why. */
  readonly notes: readonly string[];
}

const shown = (value: number): string => {
  if (Number.isNaN(value)) return '-';
  if (value === Number.POSITIVE_INFINITY) return 'no answer';
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
};
/** Nothing can be said where one side has no number. */
const ratio = (value: number): string => (Number.isFinite(value) && value > 0 ? value.toFixed(2) : '-');
const difference = (value: number): string =>
  Number.isFinite(value) ? `${value >= 0 ? '+' : ''}${value.toFixed(2)}` : '-';
const withRange = (value: number, range?: readonly [number, number]): string =>
  range ? `${shown(value)} (${shown(range[0])}–${shown(range[1])})` : shown(value);

/** The rows as lines of aligned columns, the notes below. */
export function asTable({ rows, notes }: Report): string {
  const lines = rows.map((row) => [
    row.case,
    row.metric,
    withRange(row.ours, row.quartiles?.ours),
    withRange(row.reference, row.quartiles?.reference),
    row.referenceName,
    row.difference === undefined ? ratio(row.ratio) : difference(row.difference),
  ]);
  const last = rows.every(({ difference }) => difference !== undefined) ? 'ours - reference' : 'ours / reference';
  const all = [['case', 'metric', 'ours', 'reference', '', last], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  const isNumber = [false, false, true, true, false, true];
  const table = all.map((line) =>
    line
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...table, ...notes.map((note) => `note: ${note}`)].join('\n');
}

/** `{"suite", "rows"}` on one line. */
export const asJson = ({ suite, rows }: Report): string => JSON.stringify({ suite, rows });

/** The value below which `share` of the values lie, interpolated. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}

/** A row of the medians of step times in milliseconds, with their quartiles. */
export function compareTimes(
  name: string,
  ours: readonly number[],
  [referenceName, reference]: readonly [string, readonly number[]],
): Row {
  const median = (values: readonly number[]) => quantile(values, 0.5);
  const quartiles = (values: readonly number[]): [number, number] => [quantile(values, 0.25), quantile(values, 0.75)];
  return {
    case: name,
    metric: 'ms per step',
    ours: median(ours),
    reference: median(reference),
    referenceName,
    ratio: median(ours) / median(reference),
    quartiles: { ours: quartiles(ours), reference: quartiles(reference) },
  };
}
