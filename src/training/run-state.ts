// The state of a run on disk, so that one that was killed goes on to the very weights an unbroken one ends with.
//
// One safetensors file: weights.*, first.*, second.* (the optimiser's moments), best.* (the weights of the best epoch), and all that
// is no tensor as JSON in its header. It is replaced as a whole, so that there is always one that can be read.
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hostTensor, type Weights } from '../engine/index.js';
import { parseJson } from '../hub/json-text.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../hub/safetensors.js';
import type { BestEpoch } from './best-epoch.js';
import type { EpochResult, Settings, TrainingStep } from './options.js';
import type { TrainerState } from './trainer.js';

export interface RunState {
  readonly trainer: TrainerState;
  readonly history: readonly TrainingStep[];
  /** Epochs that are over and evaluated. */
  readonly finishedEpochs: number;
  readonly epochs: readonly EpochResult[];
  readonly best?: BestEpoch;
  readonly bestWeights?: Weights;
  /** Of training. */
  readonly milliseconds: number;
}

/** What makes two runs the same: by name, so that a difference can be named. */
export type RunIdentity = Readonly<Record<string, string>>;

const fileName = 'training-state.safetensors';

const number = z.number();
const header = z.object({
  identity: z.record(z.string(), z.string()),
  history: z.array(z.object({ step: number, epoch: number, loss: number, learningRate: number, gradientNorm: number })),
  finishedEpochs: number,
  epochs: z.array(z.object({ epoch: number, step: number, loss: number, accuracy: number, macroF1: number })),
  best: z
    .object({ epoch: number, metric: z.enum(['loss', 'accuracy', 'macroF1']), value: number, waited: number })
    .optional(),
  milliseconds: number,
  draw: number,
  steps: z.record(z.string(), number),
});

interface LabelledText {
  readonly text: string;
  readonly label: number;
}

/**
 * Settings, rows and weights, told apart by name.
 * @param frozen weights that no epoch trains: the others come from the state
 */
export function identityOf(
  settings: Settings,
  {
    train,
    validation = [],
  }: { readonly train: readonly LabelledText[]; readonly validation?: readonly LabelledText[] },
  frozen: Weights,
  trained: Weights,
): RunIdentity {
  const { strategy, outputDir: _, saveSteps: __, resumeFromCheckpoint: ___, ...shape } = settings;
  const names = createHash('sha256');
  for (const [name, { shape: dimensions, data }] of frozen)
    names.update(`${name} ${dimensions}`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  for (const [name, { shape: dimensions }] of trained) names.update(`${name} ${dimensions}`);
  const values = Object.entries(shape).map(([name, value]) => [name, JSON.stringify(value)]);
  return {
    strategy: [strategy.name, JSON.stringify(strategy.settings ?? {})].filter((part) => part !== '{}').join(' '),
    ...Object.fromEntries(values),
    'the training rows': fingerprint(train),
    'the validation rows': fingerprint(validation),
    'the frozen weights': names.digest('hex').slice(0, 16),
  };
}

function fingerprint(rows: readonly LabelledText[]): string {
  const hash = createHash('sha256');
  for (const { text, label } of rows) hash.update(JSON.stringify([text, label]));
  return hash.digest('hex').slice(0, 16);
}

export async function saveRun(folder: string, identity: RunIdentity, state: RunState): Promise<void> {
  const { weights, optimizer, draw } = state.trainer;
  const groups = {
    weights,
    first: optimizer.firstMoments,
    second: optimizer.secondMoments,
    best: state.bestWeights ?? new Map(),
  };
  const tensors = new Map<string, StoredTensor>();
  for (const [group, members] of Object.entries(groups))
    for (const [name, { shape, data }] of members)
      tensors.set(`${group}.${name}`, { dtype: 'F32', shape, data: data as Float32Array });
  const { history, finishedEpochs, epochs, best, milliseconds } = state;
  const steps = Object.fromEntries(optimizer.steps);
  const facts = { identity, history, finishedEpochs, epochs, ...(best ? { best } : {}), milliseconds, draw, steps };
  await writeSafetensors(join(folder, fileName), tensors, { format: 'pt', run: JSON.stringify(facts) });
}

/**
 * The state a folder holds, where `hasRun` says so.
 * @throws Error where it is of another run, naming what differs, or cannot be read
 */
export async function loadRun(folder: string, identity: RunIdentity): Promise<RunState> {
  const path = join(folder, fileName);
  const { tensors, metadata } = await readSafetensors(path);
  const parsed = header.safeParse(parseJson(metadata.run ?? 'null', `The header of ${path}`));
  if (!parsed.success) throw new Error(`${path} is no state of a run (${parsed.error.issues[0]?.message}): remove it.`);
  const { steps, draw, identity: saved, best, ...facts } = parsed.data;
  const different = Object.keys({ ...saved, ...identity }).filter((name) => saved[name] !== identity[name]);
  if (different.length > 0) {
    const [name] = different as [string];
    const values = saved[name] && identity[name] ? ` (${saved[name]} then, ${identity[name]} now)` : '';
    throw new Error(
      `${folder} holds another run: ${different.join(', ')} differ${different.length === 1 ? 's' : ''}${values}. ` +
        'Resume it as it was, or give another outputDir, or remove the folder.',
    );
  }
  const group = (prefix: string): Weights =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(`${prefix}.`))
        .map(([name, { shape, data }]) => [name.slice(prefix.length + 1), hostTensor(data as Float32Array, shape)]),
    );
  const optimizer = {
    firstMoments: group('first'),
    secondMoments: group('second'),
    steps: new Map(Object.entries(steps)),
  };
  const bestWeights = group('best');
  return {
    ...facts,
    ...(best ? { best } : {}),
    ...(bestWeights.size > 0 ? { bestWeights } : {}),
    trainer: { weights: group('weights'), optimizer, draw },
  };
}

export const hasRun = async (folder: string): Promise<boolean> =>
  stat(join(folder, fileName)).then(
    () => true,
    () => false,
  );

/** A run that ended needs no state. */
export const removeRun = (folder: string): Promise<void> => rm(join(folder, fileName), { force: true });
