// Reads a saved model back, whatever kind it is. Whoever adds a kind of model adds one entry to READERS.

import { readFile } from 'node:fs/promises';
import type { ModelJson, ModelReader, TabularModel } from './estimator.js';
import { format } from './save.js';

/** Each is loaded when a file of its kind is. */
const READERS: Readonly<Record<string, () => Promise<ModelReader>>> = {
  pipeline: async () => (await import('./pipeline.js')).readPipeline,
  average: async () => (await import('./ensembles/average.js')).readAverage,
  stack: async () => (await import('./ensembles/stack.js')).readStack,
  xgboost: async () => (await import('./xgboost/model.js')).readXgboost,
  'ordered-boosting': async () => (await import('./ordered-boosting/model.js')).readOrderedBoosting,
  mlp: async () => (await import('./networks/mlp.js')).readMlp,
  tabnet: async () => (await import('./networks/tabnet.js')).readTabnet,
  constant: async () => (await import('./baselines/constant.js')).readConstant,
  'linear-regression': async () => (await import('./baselines/linear-regression.js')).readLinearRegression,
  'logistic-regression': async () => (await import('./baselines/logistic-regression.js')).readLogisticRegression,
  'decision-tree': async () => (await import('./baselines/decision-tree.js')).readDecisionTree,
  'nearest-neighbors': async () => (await import('./baselines/nearest-neighbors.js')).readNearestNeighbors,
};

/**
 * Loads what `model.save(path)` wrote, or a JSON model of Python's xgboost.
 * @throws Error naming the file and what is wrong with it
 */
export async function loadTabularModel(path: string): Promise<TabularModel> {
  const bytes = await readFile(path);
  const text = bytes.toString();
  if (path.endsWith('.ubj') || isXgboostFile(text)) return readXgboostFile(path, bytes);
  let json: Partial<ModelJson> & Partial<typeof format>;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: not a JSON file (${(error as Error).message}).`);
  }
  if (json.format !== format.format)
    throw new Error(`${path}: not a model saved by model.save(path): its "format" is ${JSON.stringify(json.format)}.`);
  if (json.version !== format.version)
    throw new Error(`${path}: version ${json.version} of the format; this program reads ${format.version}.`);
  try {
    return await modelFromJson(json as ModelJson);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** XGBoost's own files begin with their learner; whether the rest is right XGBoost says itself. */
const isXgboostFile = (text: string): boolean => /^\s*\{\s*"(learner|version|Config|Model)"\s*:\s*[[{]/.test(text);

async function readXgboostFile(path: string, bytes: Uint8Array): Promise<TabularModel> {
  const { readXgboostFile } = await import('./xgboost/model.js');
  try {
    return await readXgboostFile(bytes);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The model of a JSON value that `toJSON` gave. */
export async function modelFromJson(json: ModelJson): Promise<TabularModel> {
  const reader = Object.hasOwn(READERS, json.kind) ? READERS[json.kind] : undefined;
  if (reader === undefined)
    throw new Error(`There is no kind of model '${json.kind}'. The kinds are ${Object.keys(READERS).join(', ')}.`);
  return (await reader())(json, modelFromJson);
}
