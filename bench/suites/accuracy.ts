// Accuracy after fine-tuning MiniLM's first layers on film reviews: ours and PyTorch's, from the same weights, over the same batches
// in the same order, with the same elements dropped: what differs is rounding. Data: a folder with sst_binary_train_10k.csv and sst_binary_test.csv.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { seedFor } from '../../src/engine/index.js';
import { readCsv } from '../../src/hub/csv.js';
import { packagePath } from '../../src/hub/package-root.js';
import { seededRandom, shuffled } from '../../src/hub/random.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { chosen, type Options } from '../options.js';
import { Program } from '../program.js';
import { referencePython } from '../python-environment.js';
import type { Report, Row } from '../report.js';

const seed = 42;
const cases = [2, 3, 6].map((layers) => ({ name: `minilm-${layers}-layers`, layers }));

/** What both sides read: all that a run depends on but where it starts and the seed of its dropout. */
export interface AccuracyPlan {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly warmupRatio: number;
  readonly maxGradNorm: number;
  readonly weightDecay: number;
  /** In tokens; longer texts are cut. */
  readonly maxLength: number;
  readonly train: readonly LabelledText[];
  readonly test: readonly LabelledText[];
  /** For each epoch the indices of the training rows, in the order they are seen. */
  readonly order: readonly (readonly number[])[];
}

interface LabelledText {
  readonly text: string;
  readonly label: number;
}

export interface AccuracyRequest {
  /** The file of the plan. */
  readonly plan: string;
  /** The folder of the checkpoint to start from. */
  readonly start: string;
  readonly seed: number;
  /** What fineTune makes of the seed for the dropout of its first step; each step adds 1. */
  readonly firstDraw: number;
}

export interface AccuracyAnswer {
  readonly name: string;
  /** Share of the test rows that are right. */
  readonly accuracy: number;
  /** Of training alone. */
  readonly seconds: number;
  readonly losses: readonly number[];
}

async function readRows(file: string): Promise<LabelledText[]> {
  const { records } = await readCsv(file);
  return records.map(({ fields }) => ({ text: String(fields.sentence), label: Number(fields.label) }));
}

async function makePlan(data: string): Promise<AccuracyPlan> {
  const random = seededRandom(42);
  const train = shuffled(await readRows(join(data, 'sst_binary_train_10k.csv')), random).slice(0, 4000);
  const rows = train.map((_, i) => i);
  return {
    epochs: 2,
    batchSize: 16,
    learningRate: 5e-5,
    warmupRatio: 0.1,
    maxGradNorm: 1,
    weightDecay: 0,
    maxLength: 64,
    train,
    test: await readRows(join(data, 'sst_binary_test.csv')),
    order: [shuffled(rows, random), shuffled(rows, random)],
  };
}

export async function accuracySuite({ cases: names, data }: Options): Promise<Report> {
  const wanted = chosen(cases, names);
  if (data === undefined)
    throw new Error('The suite accuracy needs --data DIR with sst_binary_train_10k.csv and sst_binary_test.csv.');
  const python = await referencePython();
  const folder = packagePath('.cache', 'bench', 'accuracy');
  await mkdir(folder, { recursive: true });
  const plan = join(folder, 'plan.json');
  await writeFile(plan, JSON.stringify(await makePlan(resolve(data))));
  const whole = await loadModel('sentence-transformers/all-MiniLM-L6-v2', {
    task: 'text-classification',
    labels: ['negative', 'positive'],
  });

  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { name, layers } of wanted) {
    const start = join(folder, name);
    await whole.keepLayers(layers).save(start);
    const request: AccuracyRequest = { plan, start, seed, firstDraw: seedFor(seed, 'dropout') };
    const ours = await runOnce('ours', process.execPath, packagePath('dist', 'bench', 'ours', 'accuracy.js'), request);
    const reference = await runOnce('pytorch', python, packagePath('bench', 'python', 'accuracy.py'), request);
    const apart = Math.max(...ours.losses.slice(0, 20).map((loss, i) => Math.abs(loss - (reference.losses[i] ?? 0))));
    notes.push(`${name}: the losses of the first 20 steps agree to ${apart.toExponential(0)}`);
    const [a, b] = [100 * ours.accuracy, 100 * reference.accuracy];
    rows.push({
      case: name,
      metric: 'accuracy in percent',
      ours: a,
      reference: b,
      referenceName: reference.name,
      ratio: a / b,
      difference: a - b,
    });
  }
  return { suite: 'accuracy', rows, notes };
}

async function runOnce(name: string, command: string, file: string, request: AccuracyRequest): Promise<AccuracyAnswer> {
  const program = new Program(name, command, [file]);
  const answer = await program.ask<AccuracyAnswer>(request).finally(() => program.end());
  const percent = (100 * answer.accuracy).toFixed(2);
  const mean = (losses: readonly number[]) => (losses.reduce((a, b) => a + b, 0) / losses.length).toFixed(4);
  console.error(
    `${request.start.split(/[\\/]/).at(-1)}, ${answer.name}: ${percent}% in ${answer.seconds.toFixed(0)} s; ` +
      `mean loss of the first and last 50 steps ${mean(answer.losses.slice(0, 50))}, ${mean(answer.losses.slice(-50))}`,
  );
  return answer;
}
