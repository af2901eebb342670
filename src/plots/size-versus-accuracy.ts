// Accuracy against the number of parameters: which sizes are worth their weight. The front joins the models that no
// smaller one beats; file size, latency, training time and memory are on hover and in the text table.
//
//   show(sizeVersusAccuracy([{ name: '3 layers', parameters: 17_389_000, accuracy: 0.796, fileBytes: 69_600_000 }]));
//   show(sizeVersusAccuracy(runs, { baseline: { name: 'bag of words', accuracy: 0.74 } }));   // results of fineTune

import { type Displayable, type Figure, figure } from './figure.js';
import { compact, duration, megabytes, percent, requireFinite, requireRows, requireShare } from './numbers.js';
import { paretoFront } from './pareto.js';
import { annotationsOf, type Frame } from './point-names.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, blue, grey, legendAbove, plain, vermilion } from './theme.js';

/** A model's size, accuracy and cost. */
export interface SizedModel {
  readonly name: string;
  /** Number of weights, above 0. */
  readonly parameters: number;
  /** Share of test rows predicted right, 0 to 1. */
  readonly accuracy: number;
  /** 95% interval of the accuracy, low and high, 0 to 1. */
  readonly interval?: readonly [number, number];
  readonly fileBytes?: number;
  /** Milliseconds for one prediction. */
  readonly latencyMs?: number;
  /** Seconds trained. */
  readonly seconds?: number;
  /** Peak memory while training. */
  readonly memoryBytes?: number;
}

/** A result of `fineTune` carries the same under names of its own. */
export interface TrainedModel {
  readonly name?: string;
  readonly strategy: string;
  readonly totalParameters: number;
  readonly evaluation: { readonly accuracy: number };
  readonly seconds?: number;
  readonly peakMemoryBytes?: number;
  readonly fileBytes?: number;
  readonly latencyMs?: number;
  readonly interval?: readonly [number, number];
}

/** Options of `sizeVersusAccuracy`. */
export interface SizeVersusAccuracyOptions {
  readonly title?: string;
  /** What `accuracy` is, where it is another share, such as 'ROC AUC'. Default 'accuracy'. */
  readonly measure?: string;
  /** A model without a size to speak of, as a line across: a bag of words, or chance. */
  readonly baseline?: { readonly name: string; readonly accuracy: number };
  /** What size is: 'parameters' (default), or 'fileBytes', which tells a quantised model from the one it was made of. */
  readonly size?: 'parameters' | 'fileBytes';
}

/** A model with its place on the horizontal axis. */
interface PlacedModel extends SizedModel {
  readonly size: number;
}

/**
 * Accuracy over size (logarithmic), with the Pareto front.
 *
 * @throws if there are no models, or a size or accuracy is missing or impossible.
 */
export function sizeVersusAccuracy(
  rows: readonly (SizedModel | TrainedModel)[],
  options: SizeVersusAccuracyOptions = {},
): Figure & Displayable {
  const models = requireRows(rows, 'sizeVersusAccuracy', 'Give { name, parameters, accuracy } for each model.').map(
    (row, index) => placed(sized(row, index), options.size),
  );
  const { baseline, measure = 'accuracy' } = options;
  const { title: sizeTitle, write } = options.size === 'fileBytes' ? bytes : parameters;
  if (baseline)
    requireShare(baseline.accuracy, `sizeVersusAccuracy: accuracy of the baseline ${JSON.stringify(baseline.name)}`);
  const front = paretoFront(models.map((model) => ({ model, cost: model.size, value: model.accuracy }))).map(
    ({ model }) => model,
  );
  const frame = frameOf(models, baseline?.accuracy);

  const ends = [front[0] as PlacedModel, front.at(-1) as PlacedModel];
  const others = models.filter((model) => !front.includes(model));
  const data: object[] = [
    {
      ...{ type: 'scatter', mode: 'lines', name: 'best for its size', hoverinfo: 'skip', showlegend: false },
      // A step holds until the next better model, the last one to the edge.
      x: [...front.map((model) => model.size), 10 ** frame.x[1]],
      y: [...front, ends[1] as PlacedModel].map((model) => model.accuracy * 100),
      line: { color: blue, width: 2, shape: 'hv' },
    },
    points('best for its size', front, measure, { color: blue, symbol: 'circle', size: 12 }),
  ];
  if (others.length > 0) {
    const hollow = { color: vermilion, symbol: 'diamond-open', size: 12, line: { width: 2 } };
    data.push(points('beaten by one no larger', others, measure, hollow));
  }
  const layout = baseLayout(
    { title: options.title ?? 'Size versus accuracy', height: 480 },
    {
      xaxis: axis(sizeTitle, { type: 'log', range: frame.x, ...sizeTicks(frame.x, write) }),
      yaxis: axis(options.measure ? `${measure} on the test rows (%)` : 'Accuracy (% of test rows)', {
        range: frame.y,
        ticksuffix: '%',
      }),
      ...(baseline ? { shapes: [line(baseline.accuracy * 100)] } : {}),
      annotations: annotationsOf(models, front, baseline, frame),
      legend: legendAbove,
    },
  );
  return figure({
    data,
    layout,
    text: numbers(models, front, baseline, measure),
    alt: finding(models, front, options),
  });
}

const parameters = { title: 'Parameters (logarithmic scale)', write: compact };
const bytes = { title: 'File size (logarithmic scale)', write: megabytes };

function placed(model: SizedModel, by: SizeVersusAccuracyOptions['size'] = 'parameters'): PlacedModel {
  const size = requireFinite(model[by], `sizeVersusAccuracy: ${by} of ${JSON.stringify(model.name)}`);
  if (size <= 0) throw new Error(`sizeVersusAccuracy: ${by} of ${JSON.stringify(model.name)} must be above 0.`);
  return { ...model, size };
}

/** The same fields whatever the row is; checked. */
function sized(row: SizedModel | TrainedModel, index: number): SizedModel {
  const trained = row as Partial<TrainedModel>;
  const given = row as Partial<SizedModel>;
  const name = given.name ?? trained.strategy;
  if (typeof name !== 'string') throw new Error(`sizeVersusAccuracy: model ${index} has no name. Give it a name.`);
  const what = (field: string): string => `sizeVersusAccuracy: ${field} of ${JSON.stringify(name)}`;
  const parameters = requireFinite(given.parameters ?? trained.totalParameters, what('parameters'));
  if (parameters <= 0) throw new Error(`${what('parameters')} must be above 0, got ${parameters}.`);
  const accuracy = requireShare(given.accuracy ?? trained.evaluation?.accuracy, what('accuracy'));
  const optional: Record<string, number> = {};
  const fields = {
    fileBytes: row.fileBytes,
    latencyMs: row.latencyMs,
    seconds: row.seconds,
    memoryBytes: given.memoryBytes ?? trained.peakMemoryBytes,
  };
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) optional[field] = requireFinite(value, what(field));
  }
  for (const end of row.interval ?? []) requireShare(end, what('interval'));
  return { name, parameters, accuracy, ...optional, ...(row.interval ? { interval: row.interval } : {}) };
}

function points(name: string, models: readonly PlacedModel[], measure: string, marker: object): object {
  const interval = models.some((model) => model.interval);
  const reach = (end: 0 | 1): number[] =>
    models.map((model) => (model.interval ? Math.abs(model.interval[end] - model.accuracy) * 100 : 0));
  return {
    ...{ type: 'scatter', mode: 'markers', name, marker },
    x: models.map((model) => model.size),
    y: models.map((model) => model.accuracy * 100),
    ...(interval
      ? { error_y: { type: 'data', array: reach(1), arrayminus: reach(0), color: grey, thickness: 1.5, width: 0 } }
      : {}),
    hovertext: models.map((model) => hover(model, measure)),
    hovertemplate: '%{hovertext}<extra></extra>',
  };
}

function hover(model: SizedModel, measure: string): string {
  const lines = [
    `<b>${plain(model.name)}</b>`,
    `${measure} ${percent(model.accuracy)}${model.interval ? ` (95%: ${model.interval.map((end) => percent(end)).join(' to ')})` : ''}`,
    `${model.parameters.toLocaleString('en-US')} parameters`,
  ];
  if (model.fileBytes !== undefined) lines.push(`file ${megabytes(model.fileBytes)}`);
  if (model.latencyMs !== undefined) lines.push(`${model.latencyMs.toPrecision(3)} ms a prediction`);
  if (model.seconds !== undefined) lines.push(`trained ${duration(model.seconds)}`);
  if (model.memoryBytes !== undefined) lines.push(`peak memory ${megabytes(model.memoryBytes)}`);
  return lines.join('<br>');
}

/** The axes' ranges: log10 of the size, and percent; room at the sides for the names. */
function frameOf(models: readonly PlacedModel[], baseline: number | undefined): Frame {
  const sizes = models.map((model) => Math.log10(model.size));
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  const side = Math.max((large - small) * 0.2, 0.12);
  const shares = [
    ...models.flatMap((model) => [model.accuracy, ...(model.interval ?? [])]),
    ...(baseline === undefined ? [] : [baseline]),
  ];
  const [low, high] = [Math.min(...shares) * 100, Math.max(...shares) * 100];
  const margin = Math.max((high - low) * 0.14, 1.5);
  return { x: [small - side, large + side], y: [Math.max(low - margin, -2), Math.min(high + margin, 102)] };
}

/** Ticks at 1, 2, 5 times a power of ten (more where the range is narrow), written 500K, 1M, 2M, or 50 MB. */
function sizeTicks([from, to]: readonly [number, number], write: (size: number) => string): object {
  const fine = to - from < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : to - from < 3.2 ? [1, 2, 5] : [1];
  const tickvals: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    tickvals.push(
      ...fine.map((step) => step * 10 ** power).filter((v) => Math.log10(v) >= from && Math.log10(v) <= to),
    );
  }
  return { tickmode: 'array', tickvals, ticktext: tickvals.map(write) };
}

function line(y: number): object {
  return {
    type: 'line',
    layer: 'below',
    xref: 'paper',
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color: grey, width: 1.5, dash: 'dash' },
  };
}

function numbers(
  models: readonly PlacedModel[],
  front: readonly PlacedModel[],
  baseline: SizeVersusAccuracyOptions['baseline'],
  measure: string,
): string {
  const columns: { title: string; of: (model: SizedModel) => string | undefined }[] = [
    { title: 'parameters', of: (model) => compact(model.parameters) },
    { title: measure, of: (model) => percent(model.accuracy) },
    { title: '95% interval', of: (model) => model.interval?.map((end) => percent(end)).join(' to ') },
    { title: 'file', of: (model) => (model.fileBytes === undefined ? undefined : megabytes(model.fileBytes)) },
    {
      title: 'latency',
      of: (model) => (model.latencyMs === undefined ? undefined : `${model.latencyMs.toPrecision(3)} ms`),
    },
    { title: 'trained', of: (model) => (model.seconds === undefined ? undefined : duration(model.seconds)) },
    { title: 'memory', of: (model) => (model.memoryBytes === undefined ? undefined : megabytes(model.memoryBytes)) },
  ];
  const known = columns.filter(({ of }) => models.some((model) => of(model) !== undefined));
  const rows = [...models]
    .sort((a, b) => a.size - b.size)
    .map((model) => [model.name, ...known.map(({ of }) => of(model) ?? '–'), front.includes(model) ? 'yes' : 'no']);
  if (baseline)
    rows.push([
      baseline.name,
      ...known.map(({ title }) => (title === measure ? percent(baseline.accuracy) : '–')),
      '–',
    ]);
  const titles = [
    { title: 'model' },
    ...known.map(({ title }) => ({ title, right: true })),
    { title: 'best for its size' },
  ];
  return textTable(titles, rows);
}

function finding(
  models: readonly PlacedModel[],
  front: readonly PlacedModel[],
  { baseline, size: by, measure }: SizeVersusAccuracyOptions,
): string {
  const size = (model: PlacedModel): string =>
    by === 'fileBytes' ? `in ${megabytes(model.size)}` : `with ${compact(model.size)} parameters`;
  const say = (model: PlacedModel): string => `${model.name} (${percent(model.accuracy)} ${size(model)})`;
  const best = front.at(-1) as PlacedModel;
  const least = front[0] as PlacedModel;
  const opening = `${measure ?? 'Accuracy'} against size of ${models.length} model${models.length === 1 ? '' : 's'}. ${measure ? 'Best' : 'Most accurate'}: ${say(best)}.`;
  const small = least === best ? '' : ` Smallest: ${say(least)}.`;
  const compared = baseline ? ` Baseline ${baseline.name}: ${percent(baseline.accuracy)}.` : '';
  return opening + small + compared;
}
