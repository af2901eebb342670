// What ensembles have in common: models fitted one after the other, the columns they read together, and rows kept to explain with.

import { seededRandom } from '../../hub/random.js';
import { interruptible } from '../../training/interrupt.js';
import { type Estimator, FitInterrupted, type FitOptions, type ModelJson, type TabularModel } from '../estimator.js';
import { sampleRows } from '../explain/sample-rows.js';
import type { Feature } from '../features.js';
import { progressOf, tellDone } from '../inner-fits.js';
import type { Table } from '../table/table.js';
import { tableFromJson } from '../table/table-json.js';
import type { Task } from '../target.js';

/** One fit of an ensemble. */
export interface InnerFit {
  readonly estimator: Estimator;
  readonly train: Table;
  /** What differs from the ensemble's options. */
  readonly options?: Partial<FitOptions>;
}

/**
 * Fits one after the other. Where a fit is stopped, `keep` makes a model of those fitted by then; where it fails, or there is no
 * `keep`, they are disposed.
 * @throws FitInterrupted with what `keep` made
 */
export async function fitAll(
  fits: readonly InnerFit[],
  task: Task,
  { onProgress, ...options }: FitOptions,
  keep?: (models: readonly TabularModel[]) => TabularModel,
): Promise<TabularModel[]> {
  const models: TabularModel[] = [];
  try {
    await interruptible(options.signal, async (interrupted) => {
      for (const [first, { estimator, train, options: own }] of fits.entries()) {
        const part = { first, total: fits.length };
        const common = { ...options, task: task.kind, ...progressOf(onProgress, part) };
        models.push(await estimator.fit(train, { ...common, ...own }));
        tellDone(onProgress, part);
        await new Promise((resolve) => setImmediate(resolve));
        if (interrupted() && models.length < fits.length)
          throw new FitInterrupted(`Stopped after ${models.length} of ${fits.length} fits.`);
      }
    });
    return models;
  } catch (error) {
    const stopped = error instanceof FitInterrupted ? error : undefined;
    if (stopped?.model !== undefined) models.push(stopped.model);
    if (stopped !== undefined && keep !== undefined && models.length > 0)
      throw new FitInterrupted(stopped.message, keep(models));
    for (const model of models) model.dispose();
    throw stopped === undefined ? error : new FitInterrupted(stopped.message);
  }
}

/** The columns of all models, each once, in the order they come. A categorical one as the first that reads it knows it. */
export function featuresOfAll(models: readonly Pick<TabularModel, 'features'>[]): Feature[] {
  const features = new Map<string, Feature>();
  for (const model of models)
    for (const feature of model.features) if (!features.has(feature.name)) features.set(feature.name, feature);
  return [...features.values()];
}

/** How many training rows are kept: they stand for "not knowing a feature" where an explanation is sampled. */
const backgroundRows = 100;

export function backgroundOf(train: Table, features: readonly Feature[]): Table {
  const rows = sampleRows(train, backgroundRows, seededRandom(42));
  return rows.select(...features.map(({ name }) => name));
}

/** The parts every saved ensemble has. Throws Error where one is missing. */
export async function readMembers(
  { name, models, background }: ModelJson,
  load: (json: ModelJson) => Promise<TabularModel>,
): Promise<{ models: TabularModel[]; background: Table }> {
  if (!Array.isArray(models) || models.length === 0)
    throw new Error(`The ensemble '${name}' is damaged: it has no models.`);
  const loaded: TabularModel[] = [];
  for (const model of models) loaded.push(await load(model as ModelJson));
  return { models: loaded, background: tableFromJson(background, `The background of '${name}'`) };
}

/** @throws Error if there is none to put together */
export function checkMembers(what: string, estimators: readonly Estimator[]): void {
  if (estimators.length === 0) throw new Error(`${what}: give at least one estimator.`);
}

/** Names that differ: a name that came before gets a number. */
export function distinctNames(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}
