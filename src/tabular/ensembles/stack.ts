// A model that learns how far to trust each of several others.
//
//   stack([xgboost(), mlp(), pipeline([impute(), oneHot()], logisticRegression())], logisticRegression())
//
// Wolpert 1992, "Stacked generalization". The final estimator learns from what the others predict for rows they have not learnt from
// (out of fold): of their own training rows they would all seem right. Afterwards each of them is fitted again on all rows.

import { z } from 'zod';
import { foldsFor, outOfFold } from '../cross-validate.js';
import {
  type Estimator,
  type ExplainOptions,
  type Explanation,
  FitInterrupted,
  type FitOptions,
  type ModelJson,
  type ModelReader,
  type TabularModel,
} from '../estimator.js';
import { sampledShapley } from '../explain/sampled-shapley.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import { probabilitiesIn, progressOf, tellDone } from '../inner-fits.js';
import { checkOptions } from '../options.js';
import { saveModel } from '../save.js';
import { type Column, numeric } from '../table/column.js';
import { Table } from '../table/table.js';
import { tableToJson } from '../table/table-json.js';
import { type Task, taskOf } from '../target.js';
import { backgroundOf, checkMembers, distinctNames, featuresOfAll, fitAll, readMembers } from './members.js';

export interface StackOptions {
  /** Folds for the out-of-fold predictions, 2 or more. Default 5. */
  readonly folds?: number;
  /** Which rows go into which fold. Default 42. */
  readonly seed?: number;
  /** Rows that have the same value in this column stay in one fold. */
  readonly group?: string;
  /** Whether the final estimator sees the features too, not the predictions alone. Default false. */
  readonly passThrough?: boolean;
  /** What it is called in tables and pictures. Default 'Stack'. */
  readonly name?: string;
}

const schema = z.strictObject({
  folds: z.int().min(2).default(5),
  seed: z.int().default(42),
  group: z.string().optional(),
  passThrough: z.boolean().default(false),
  name: z.string().min(1).default('Stack'),
});
type Settings = z.output<typeof schema>;

/**
 * The final estimator's features are one column an estimator, named as it is: a regression's value, or the probability of the
 * second of two classes; with more classes a column each, 'MLP: Adelie'. Validation rows are predicted by the models fitted on all
 * rows. A fit takes `estimators x (folds + 1) + 1` fits.
 * @throws Error if there are no estimators; from its fit for `startFrom`, as nothing here goes on from another
 */
export function stack(
  estimators: readonly Estimator[],
  finalEstimator: Estimator,
  options: StackOptions = {},
): Estimator<StackModel> {
  checkMembers('stack', estimators);
  const settings = checkOptions('stack', schema, options);
  const said = ({ name, settings: own }: Estimator) => ({ name, settings: own });
  return {
    name: settings.name,
    settings: { ...settings, estimators: estimators.map(said), finalEstimator: said(finalEstimator) },
    fit: (train, fitOptions) => fitStack(estimators, finalEstimator, settings, train, fitOptions),
  };
}

async function fitStack(
  estimators: readonly Estimator[],
  finalEstimator: Estimator,
  { name, passThrough, folds, seed, group }: Settings,
  train: Table,
  { startFrom, onProgress, ...options }: FitOptions,
): Promise<StackModel> {
  if (startFrom !== undefined)
    throw new Error(`${name} cannot go on from ${startFrom.name}: fit it anew, without startFrom.`);
  const task = taskOf(train, options);
  const names = distinctNames(estimators.map((estimator) => estimator.name));
  const splits = foldsFor(train, task, { folds, seed, ...(group === undefined ? {} : { group }) });
  const total = estimators.length * (splits.length + 1) + 1;
  const part = (first: number, fits: number) => progressOf(onProgress, { first, fits, total });

  const inputs: Column[] = [];
  for (const [i, estimator] of estimators.entries()) {
    const told = part(i * splits.length, splits.length);
    const predicted = await outOfFold(estimator, train, splits, { ...options, ...told });
    inputs.push(...inputColumns(names[i] as string, task, predicted));
  }
  const fits = estimators.map((estimator) => ({ estimator, train }));
  const models = await fitAll(fits, task, { ...options, ...part(estimators.length * splits.length, fits.length) });
  const passed = passThrough ? featuresOf(train, task.target) : [];
  const base = { names, models, task, passed };
  const { validation, ...finalOptions } = options;
  try {
    const final = await finalEstimator.fit(inputTable(inputs, passed, train, task.target), {
      ...finalOptions,
      ...(validation === undefined ? {} : { validation: await inputsOf(base, validation, task.target) }),
      ...part(total - 1, 1),
    });
    tellDone(onProgress, { first: total - 1, total });
    return new StackModel(name, base, final, backgroundOf(train, readBy(base)));
  } catch (error) {
    if (error instanceof FitInterrupted && error.model !== undefined)
      throw new FitInterrupted(
        error.message,
        new StackModel(name, base, error.model, backgroundOf(train, readBy(base))),
      );
    for (const model of models) model.dispose();
    throw error;
  }
}

/** The models whose predictions the final one reads. */
interface Base {
  /** What their columns are called. */
  readonly names: readonly string[];
  readonly models: readonly TabularModel[];
  readonly task: Task;
  /** Columns that the final model reads too. */
  readonly passed: readonly Feature[];
}

/** Models, and one that reads their predictions. */
export class StackModel implements TabularModel {
  readonly name: string;
  readonly task: Task;
  readonly models: readonly TabularModel[];
  /** The model that reads the predictions of the others. */
  readonly final: TabularModel;
  readonly features: readonly Feature[];
  readonly #base: Base;
  readonly #background: Table;

  constructor(name: string, base: Base, final: TabularModel, background: Table) {
    this.name = name;
    this.task = base.task;
    this.models = base.models;
    this.final = final;
    this.features = readBy(base);
    this.#base = base;
    this.#background = background;
  }

  get parameters(): number {
    return [...this.models, this.final].reduce((sum, model) => sum + model.parameters, 0);
  }

  async predict(table: Table): Promise<Float64Array> {
    return this.final.predict(await this.inputs(table));
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    return this.final.predictProbabilities(await this.inputs(table));
  }

  /** What the final model reads: the predictions of the others. */
  async inputs(table: Table): Promise<Table> {
    return inputsOf(this.#base, table);
  }

  /** Shapley values of the whole, sampled. The final model's own explanation says how far it trusts each of the others. */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    return sampledShapley(this, table, { background: this.#background, ...options });
  }

  toJSON(): ModelJson {
    const { names, passed } = this.#base;
    return {
      kind: 'stack',
      name: this.name,
      task: this.task,
      features: this.features,
      models: this.models.map((model) => model.toJSON()),
      final: this.final.toJSON(),
      names,
      passed,
      background: tableToJson(this.#background),
    };
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    for (const model of [...this.models, this.final]) model.dispose();
  }
}

export const readStack: ModelReader = async (json, load) => {
  const { name, task, final, names, passed } = json;
  const { models, background } = await readMembers(json, load);
  if (!Array.isArray(names) || names.length !== models.length || !Array.isArray(passed) || !final)
    throw new Error(`The ensemble '${name}' is damaged: it has no final model, or no name for each of the others.`);
  return new StackModel(name, { names, models, task, passed }, await load(final as ModelJson), background);
};

const readBy = ({ models, passed }: Base): Feature[] => featuresOfAll([...models, { features: passed }]);

/** What the final model reads of a table; with the target, where it is to judge by it. */
async function inputsOf({ names, models, task, passed }: Base, table: Table, target?: string): Promise<Table> {
  const columns: Column[] = [];
  for (const [i, model] of models.entries()) {
    const predicted =
      task.kind === 'regression' ? [await model.predict(table)] : await probabilitiesIn(task.classes, model, table);
    columns.push(...inputColumns(names[i] as string, task, predicted));
  }
  return inputTable(columns, passed, table, target);
}

function inputTable(columns: readonly Column[], passed: readonly Feature[], table: Table, target?: string): Table {
  const own = readFeatures(table, passed);
  return new Table([...columns, ...own, ...(target === undefined ? [] : [table.column(target)])]);
}

/** One model's predictions as columns. The probability of the first of two classes says nothing that the second's does not. */
function inputColumns(name: string, task: Task, predicted: readonly Float64Array[]): Column[] {
  if (task.kind === 'regression') return [numeric(name, predicted[0] as Float64Array)];
  if (task.classes.length === 2) return [numeric(name, predicted[1] as Float64Array)];
  return task.classes.map((label, code) => numeric(`${name}: ${label}`, predicted[code] as Float64Array));
}
