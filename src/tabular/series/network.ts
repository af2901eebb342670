// Forecasts by networks that read a window of values: recurrent ones and a convolutional one, trained on our engine with the pinball
// loss of the interval's ends and the median.
//
//   const model = await lstm({ window: 28, epochs: 30 }).fit(past, { horizon: 14 });
//   const next = await model.forecast(past);

import { z } from 'zod';
import { type Compiled, compile, type HostTensor, hostTensor, sizeOf, tf, type Weights } from '../../engine/index.js';
import type { Params } from '../../nn/pass.js';
import { type BatchLoss, evenBatchSize, train } from '../networks/train.js';
import { decodeNumbers, encodeNumbers } from '../number-arrays.js';
import { checkOptions } from '../options.js';
import { cappedEpochs } from '../quick.js';
import { cyclesOf } from './calendar.js';
import {
  checkHistory,
  checkHorizon,
  checkLength,
  checkValues,
  endsOfLevel,
  type Forecast,
  type ForecastEstimator,
  type Forecaster,
  type ForecasterFacts,
  type ForecasterJson,
  type ForecastFitOptions,
  ForecastInterrupted,
} from './forecaster.js';
import { type Body, bodySchema, initialWeights, readWindow } from './network-body.js';
import { range } from './range.js';
import { type Offsets, offsetsSchema, type Quantiles, residualIntervals, widened } from './residual-intervals.js';
import { saveForecaster } from './save-forecaster.js';
import type { Series } from './series.js';
import { type Scale, scaleOf, scaleSchema, type WindowRows, type WindowShape, windowRows } from './windows.js';

/** What all networks have in common. */
export interface ForecastNetworkOptions {
  /** Values looked back on. Default 28. */
  readonly window?: number;
  /** Default 30. */
  readonly epochs?: number;
  /** Windows a step. Default 64. */
  readonly batchSize?: number;
  /** The highest; it falls to 0 over the run. Default 3e-3. */
  readonly learningRate?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
  /** Share of the windows, the latest, that are not learnt from: the best epoch is chosen by them. Default 0: all are learnt from. */
  readonly validation?: number;
  /** Epochs without a lower loss on the validation windows after which training ends. Default: none. */
  readonly earlyStoppingPatience?: number;
  /** Widen or narrow the intervals by their errors on the validation windows until they hold as much as they should. Default false. */
  readonly calibrate?: boolean;
  /** Where each time to forecast stands in the day, the week and the year. Default true. */
  readonly calendar?: boolean;
  /** Forecast the change from the last value. Default true. */
  readonly difference?: boolean;
  /** Share of truths that the intervals are to hold. Default 0.9. */
  readonly level?: number;
  /** Default 42. */
  readonly seed?: number;
}

export interface RecurrentForecastOptions extends ForecastNetworkOptions {
  /** Numbers in the state. Default 32. */
  readonly hidden?: number;
  /** Layers upon each other. Default 1. */
  readonly layers?: number;
  /** Rate of the dropout between layers and before the output. Default 0.1. */
  readonly dropout?: number;
}

export interface ConvolutionForecastOptions extends ForecastNetworkOptions {
  /** Numbers a step in each convolution. Default 32. */
  readonly channels?: number;
  /** Steps a convolution looks at. Default 3. */
  readonly kernel?: number;
  /** Steps between those, one convolution each. Default [1, 2, 4, 8]. */
  readonly dilations?: readonly number[];
  /** Rate of the dropout after each convolution and before the output. Default 0.1. */
  readonly dropout?: number;
}

const whole = z.int().min(1);
const common = {
  window: whole.default(28),
  epochs: whole.default(30),
  batchSize: whole.default(64),
  learningRate: z.number().positive().default(3e-3),
  weightDecay: z.number().min(0).default(0.01),
  validation: z.number().min(0).max(0.5).default(0),
  earlyStoppingPatience: whole.optional(),
  calibrate: z.boolean().default(false),
  calendar: z.boolean().default(true),
  difference: z.boolean().default(true),
  level: z.number().gt(0).lt(1).default(0.9),
  seed: z.int().default(42),
};
const dropout = z.number().min(0).lt(1).default(0.1);
const recurrentSchema = z.strictObject({ ...common, hidden: whole.default(32), layers: whole.default(1), dropout });
const convolutionSchema = z.strictObject({
  ...common,
  channels: whole.default(32),
  kernel: whole.default(3),
  dilations: z.array(whole).min(1).default([1, 2, 4, 8]),
  dropout,
});

type Settings = Pick<z.output<typeof recurrentSchema>, keyof typeof common>;

/** A long short-term memory over the window. */
export function lstm(options: RecurrentForecastOptions = {}): ForecastEstimator {
  const settings = checkOptions('lstm', recurrentSchema, options);
  const { hidden, layers, dropout } = settings;
  return network('LSTM', 'lstm', { kind: 'lstm', hidden, layers, dropout }, settings);
}

/** Gated recurrent units over the window. */
export function gru(options: RecurrentForecastOptions = {}): ForecastEstimator {
  const settings = checkOptions('gru', recurrentSchema, options);
  const { hidden, layers, dropout } = settings;
  return network('GRU', 'gru', { kind: 'gru', hidden, layers, dropout }, settings);
}

/** Causal convolutions over the window, each reaching further back than the one before. */
export function cnn1d(options: ConvolutionForecastOptions = {}): ForecastEstimator {
  const settings = checkOptions('cnn1d', convolutionSchema, options);
  const { channels, kernel, dilations, dropout } = settings;
  return network('CNN', 'cnn1d', { kind: 'cnn1d', channels, kernel, dilations, dropout }, settings);
}

function network(name: string, call: string, body: Body, settings: Settings): ForecastEstimator {
  if (settings.validation === 0 && (settings.calibrate || settings.earlyStoppingPatience !== undefined))
    throw new Error(
      `${call}: calibrate and earlyStoppingPatience look at validation windows: give { validation: 0.2 }.`,
    );
  return { name, settings, fit: (series, options) => learn(name, body, settings, series, options) };
}

async function learn(
  name: string,
  body: Body,
  settings: Settings,
  series: Series,
  { horizon, onProgress, signal }: ForecastFitOptions,
): Promise<Forecaster> {
  checkHorizon(horizon);
  checkValues(series);
  const { window, level, validation, seed } = settings;
  const shape: WindowShape = {
    window,
    horizon,
    cycles: settings.calendar ? cyclesOf(series.frequency) : [],
    others: series.others.map((other) => other.name),
    difference: settings.difference,
  };
  checkLength(series, window + horizon + 20, `${name} with a window of ${window} and a horizon of ${horizon}`);
  const first = window;
  const end = series.length - horizon + 1;
  const held = Math.round((end - first) * validation);
  // No truth of a window that is learnt from is among those of the windows held back.
  const learntEnd = held === 0 ? end : end - held - horizon + 1;
  checkLength(series, series.length + Math.max(0, first + 1 - learntEnd), `${name} with ${held} windows held back`);
  // The scale is of what is learnt from.
  const seen = learntEnd + horizon - 1;
  const scales = [series.values, ...series.others.map((other) => other.values)].map((values) =>
    scaleOf(values.slice(0, seen)),
  );
  const rows = windowRows(series, range(first, learntEnd), shape, scales, true);
  const heldOrigins = range(end - held, end);
  const heldRows = held === 0 ? undefined : windowRows(series, heldOrigins, shape, scales, true);
  const channels = scales.length;
  const known = rows.known.shape[1] as number;
  const { weights, epochs, interrupted } = await train({
    weights: initialWeights(body, { channels, known, horizon }, seed),
    loss: pinballLoss(body, horizon, level),
    rows,
    validation: heldRows,
    settings: {
      epochs: cappedEpochs(settings.epochs),
      batchSize: evenBatchSize(rows.x.shape[0] as number, settings.batchSize),
      learningRate: settings.learningRate,
      weightDecay: settings.weightDecay,
      schedule: 'cosine',
      warmup: 0.05,
      maxGradNorm: 1,
      ...(settings.earlyStoppingPatience === undefined
        ? {}
        : { earlyStoppingPatience: settings.earlyStoppingPatience }),
      seed,
    },
    onProgress,
    signal,
  });
  const facts = { name, horizon, level, frequency: series.frequency };
  const model = new NetworkForecaster(facts, body, shape, scales, weights);
  if (interrupted) {
    const said = `${name} was stopped after ${epochs.length} of ${settings.epochs} epochs.`;
    throw new ForecastInterrupted(said, epochs.length > 0 ? model : undefined);
  }
  if (!settings.calibrate || heldRows === undefined) return model;
  const offsets = await calibrated(model, series, heldOrigins, heldRows);
  await model.dispose();
  return new NetworkForecaster(facts, body, shape, scales, weights, offsets);
}

/** The mean pinball loss of the lower end, the median and the upper end. */
function pinballLoss(body: Body, horizon: number, level: number): BatchLoss {
  const [low, high] = endsOfLevel(level);
  return (params, { x, known, y }, pass) => {
    const batch = (y as tf.Tensor).shape[0] as number;
    const quantiles = readWindow(params, body, x as tf.Tensor, known as tf.Tensor, horizon, pass);
    const above = tf.sub(tf.reshape(y as tf.Tensor, [batch, 1, horizon]), quantiles);
    const share = tf.tensor3d([low, 0.5, high], [1, 3, 1]);
    return tf.mean(tf.maximum(tf.mul(above, share), tf.mul(above, tf.sub(share, 1))));
  };
}

async function calibrated(
  model: NetworkForecaster,
  series: Series,
  origins: readonly number[],
  rows: WindowRows,
): Promise<Offsets> {
  const quantiles = await model.quantiles(rows, series.values, origins);
  const errors = (end: 0 | 2) =>
    range(0, model.horizon).map((step) =>
      origins.map(
        (origin, row) => (series.values[origin + step] as number) - (quantiles[row]?.[end]?.[step] as number),
      ),
    );
  return residualIntervals(errors(0), errors(2), model.level);
}

interface Inputs {
  readonly params: Record<string, tf.Tensor>;
  readonly x: tf.Tensor;
  readonly known: tf.Tensor;
}

class NetworkForecaster implements Forecaster {
  readonly name: string;
  readonly horizon: number;
  readonly level: number;
  readonly #facts: ForecasterFacts;
  readonly #body: Body;
  readonly #shape: WindowShape;
  readonly #scales: readonly Scale[];
  readonly #weights: Weights;
  readonly #offsets: Offsets | undefined;
  readonly #compiled: Compiled<Inputs, tf.Tensor>;

  constructor(
    facts: ForecasterFacts,
    body: Body,
    shape: WindowShape,
    scales: readonly Scale[],
    weights: Weights,
    offsets?: Offsets,
  ) {
    this.name = facts.name;
    this.horizon = facts.horizon;
    this.level = facts.level;
    this.#facts = facts;
    this.#body = body;
    this.#shape = shape;
    this.#scales = scales;
    this.#weights = weights;
    this.#offsets = offsets;
    this.#compiled = compile(({ params, x, known }) => readWindow(params as Params, body, x, known, facts.horizon, {}));
  }

  get historyLength(): number {
    return this.#shape.window;
  }

  get parameters(): number {
    return [...this.#weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  async forecast(history: Series): Promise<Forecast> {
    checkHistory(history, this.#facts, this.historyLength);
    const recent = history.slice(-this.historyLength);
    checkValues(recent);
    const origins = [recent.length];
    const rows = windowRows(recent, origins, this.#shape, this.#scales, false);
    const [quantiles] = (await this.quantiles(rows, recent.values, origins)) as [Quantiles];
    return {
      name: this.name,
      times: history.timesAfter(this.horizon),
      ...widened(quantiles, this.#offsets),
      level: this.level,
    };
  }

  /** For each row of windows its quantiles in the unit of the series, before calibration. */
  async quantiles({ x, known }: WindowRows, values: Float64Array, origins: readonly number[]): Promise<Quantiles[]> {
    const inputs = { params: Object.fromEntries(this.#weights), x, known };
    const { data } = (await this.#compiled(inputs as never)) as unknown as HostTensor;
    const { mean, spread } = this.#scales[0] as Scale;
    const { horizon } = this;
    return origins.map((origin, row) => {
      const added = this.#shape.difference ? (values[origin - 1] as number) : mean;
      const at = (end: number) =>
        Float64Array.from(
          { length: horizon },
          (_, step) => (data[(row * 3 + end) * horizon + step] as number) * spread + added,
        );
      return [at(0), at(1), at(2)] as const;
    });
  }

  toJSON(): ForecasterJson {
    return {
      kind: 'forecast-network',
      ...this.#facts,
      body: this.#body,
      windows: this.#shape,
      scales: this.#scales,
      weights: [...this.#weights].map(([name, { shape, data }]) => ({
        name,
        shape,
        data: encodeNumbers(data as Float32Array),
      })),
      ...(this.#offsets === undefined ? {} : { offsets: this.#offsets }),
    };
  }

  save(path: string): Promise<void> {
    return saveForecaster(this, path);
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}

export async function readNetwork(json: ForecasterJson): Promise<Forecaster> {
  const { name, horizon, level, frequency } = json;
  const checked = z
    .object({
      body: bodySchema,
      windows: z.strictObject({
        window: whole,
        horizon: z.literal(horizon),
        cycles: z.array(z.enum(['day', 'week', 'year'])),
        others: z.array(z.string()),
        difference: z.boolean(),
      }),
      scales: z.array(scaleSchema).min(1),
      weights: z.array(z.strictObject({ name: z.string(), shape: z.array(whole), data: z.unknown() })),
      offsets: offsetsSchema(horizon).optional(),
    })
    .parse(json);
  const { body, windows, scales } = checked;
  const stored = new Map(checked.weights.map(({ name: weight, shape, data }) => [weight, { shape, data }]));
  const known = 1 + 2 * windows.cycles.length * horizon;
  const weights: Weights = new Map();
  for (const [weight, { shape }] of initialWeights(body, { channels: 1 + windows.others.length, known, horizon }, 0)) {
    const found = stored.get(weight);
    if (found === undefined) throw new Error(`the weight "${weight}" is missing.`);
    weights.set(
      weight,
      hostTensor(decodeNumbers(found.data, `weight "${weight}"`, sizeOf(shape)) as Float32Array, shape),
    );
  }
  return new NetworkForecaster({ name, horizon, level, frequency }, body, windows, scales, weights, checked.offsets);
}
