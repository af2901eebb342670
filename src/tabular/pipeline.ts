// Preprocessing and an estimator as one: fitted together on the training rows alone, used together, saved as one file.
//
//   const model = await pipeline([impute(), standardize(), oneHot()], logisticRegression()).fit(train, { target: 'churned' });
//   await model.predict(test);             // test as it is: with categories and missing values
//   await model.save('out/churn.json');    // steps and model
//
// Inside `crossValidate` the steps are fitted anew in each fold, which is what keeps test rows out of them.

import { interruptible } from '../training/interrupt.js';
import type {
  Estimator,
  ExplainOptions,
  Explanation,
  FitOptions,
  ModelJson,
  ModelReader,
  TabularModel,
} from './estimator.js';
import { FitInterrupted } from './estimator.js';
import { sampledShapley } from './explain/sampled-shapley.js';
import { type Feature, readFeatures } from './features.js';
import type { FittedTransformer, Transformer, TransformerJson } from './preprocessing/transformer.js';
import { transformerFromJson } from './preprocessing/transformer-file.js';
import { saveModel } from './save.js';
import { Table } from './table/table.js';
import type { Task } from './target.js';

export interface PipelineOptions {
  /** What it is called in tables and pictures. Default: the estimator's name. */
  readonly name?: string;
}

/**
 * Steps, in this order, then an estimator. Validation rows go through the fitted steps. A fit that goes on from another pipeline
 * (`startFrom`) fits its own steps and hands that pipeline's model to the estimator.
 */
export function pipeline<Model extends TabularModel>(
  steps: readonly Transformer[],
  estimator: Estimator<Model>,
  { name = estimator.name }: PipelineOptions = {},
): Estimator<PipelineModel<Model>> {
  const settings = {
    steps: steps.map((step) => ({ name: step.name, settings: step.settings })),
    estimator: { name: estimator.name, settings: estimator.settings },
  };
  return { name, settings, fit: (train, options) => fitPipeline(name, steps, estimator, train, options) };
}

async function fitPipeline<Model extends TabularModel>(
  name: string,
  steps: readonly Transformer[],
  estimator: Estimator<Model>,
  train: Table,
  { validation, startFrom, ...options }: FitOptions,
): Promise<PipelineModel<Model>> {
  if (startFrom !== undefined && !(startFrom instanceof PipelineModel))
    throw new Error(`A pipeline goes on from a pipeline, not from ${startFrom.name} alone.`);
  const { fitted, rows } = await fitSteps(name, steps, train, options);
  try {
    const model = await estimator.fit(rows, {
      ...options,
      ...(validation === undefined ? {} : { validation: through(fitted, validation) }),
      ...(startFrom === undefined ? {} : { startFrom: startFrom.model }),
    });
    return new PipelineModel(name, fitted, model);
  } catch (error) {
    if (!(error instanceof FitInterrupted) || error.model === undefined) throw error;
    throw new FitInterrupted(error.message, new PipelineModel(name, fitted, error.model));
  }
}

async function fitSteps(
  name: string,
  steps: readonly Transformer[],
  train: Table,
  { target, task, signal }: Pick<FitOptions, 'target' | 'task' | 'signal'>,
): Promise<{ fitted: FittedTransformer[]; rows: Table }> {
  const fitted: FittedTransformer[] = [];
  let rows = train;
  await interruptible(signal, async (interrupted) => {
    for (const step of steps) {
      const result = await step.fitTransform(rows, target, task);
      if (result.train.rowCount !== rows.rowCount)
        throw new Error(
          `The step '${step.name}' made ${result.train.rowCount} rows of ${rows.rowCount}: a step keeps all rows.`,
        );
      fitted.push(result.fitted);
      rows = result.train;
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupted()) throw new FitInterrupted(`${name}: stopped after the step '${step.name}' was fitted.`);
    }
  });
  return { fitted, rows };
}

/** Fitted steps and the model behind them. */
export class PipelineModel<Model extends TabularModel = TabularModel> implements TabularModel {
  readonly name: string;
  readonly steps: readonly FittedTransformer[];
  /** The model behind the steps: it reads what `transform` gives. */
  readonly model: Model;
  readonly features: readonly Feature[];

  constructor(name: string, steps: readonly FittedTransformer[], model: Model) {
    this.name = name;
    this.steps = steps;
    this.model = model;
    this.features = steps[0]?.features ?? model.features;
  }

  get task(): Task {
    return this.model.task;
  }

  /** Those of the model; means and lists of categories in the steps do not count. */
  get parameters(): number {
    return this.model.parameters;
  }

  /** What the model reads. The target is not among it, and the steps never get to see it. */
  transform(table: Table): Table {
    const kinds = this.features.map(({ name, kind }) => ({ name, kind }));
    return through(this.steps, new Table(readFeatures(table, kinds)));
  }

  async predict(table: Table): Promise<Float64Array> {
    return this.model.predict(this.transform(table));
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    return this.model.predictProbabilities(this.transform(table));
  }

  /**
   * The model's own explanation, contributions of columns made of one column (a category's) added up to that column's. With a step
   * that makes a column of several, Shapley values of the whole pipeline, sampled.
   */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    const sources = new Map(this.model.features.map(({ name }) => [name, this.#sourceOf(name)]));
    if ([...sources.values()].includes(undefined)) return sampledShapley(this, table, options);
    const { background, ...others } = options;
    const inner = await this.model.explain(this.transform(table), {
      ...others,
      ...(background === undefined ? {} : { background: this.transform(background) }),
    });
    const sums = new Map(this.features.map(({ name }) => [name, new Float64Array(table.rowCount)]));
    for (const [i, output] of inner.features.entries()) {
      const sum = sums.get(sources.get(output) as string) as Float64Array;
      for (const [row, value] of (inner.contributions[i] as Float64Array).entries())
        sum[row] = (sum[row] as number) + value;
    }
    return { ...inner, features: [...sums.keys()], contributions: [...sums.values()] };
  }

  toJSON(): ModelJson {
    return {
      kind: 'pipeline',
      name: this.name,
      task: this.task,
      features: this.features,
      steps: this.steps.map((step) => step.toJSON()),
      model: this.model.toJSON(),
    };
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    this.model.dispose();
  }

  /** The column of a table to predict on that a column the model reads is made of alone. */
  #sourceOf(output: string): string | undefined {
    return this.steps.reduceRight<string | undefined>(
      (name, step) => (name === undefined ? undefined : step.source(name)),
      output,
    );
  }
}

export const readPipeline: ModelReader = async ({ name, steps, model }, load) => {
  if (!Array.isArray(steps) || typeof model !== 'object' || model === null)
    throw new Error(`The pipeline '${name}' is damaged: it has no steps or no model.`);
  const fitted = steps.map((step: TransformerJson) => transformerFromJson(step));
  return new PipelineModel(name, fitted, await load(model as ModelJson));
};

const through = (steps: readonly FittedTransformer[], table: Table): Table =>
  steps.reduce((rows, step) => step.transform(rows), table);
