// A model under a strategy, with its compiled step and its optimiser: takes steps, and hands over what they made.
import { type Compiled, type HostTensor, seedFor, type Weights } from '../engine/index.js';
import type { TextBatch } from '../tasks/batching.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import { Accumulator } from './accumulator.js';
import { AdamW, type AdamWState } from './adamw.js';
import type { Settings } from './options.js';
import { batchTensors, compileStep, divideAt, type StepInputs, type StepOutputs, seedTensor } from './step.js';

/** All that the next step depends on besides its batch: what a run has to keep to go on as if nothing had happened. */
export interface TrainerState {
  /** Every weight that any epoch of the run trains, as it is now. */
  readonly weights: Weights;
  readonly optimizer: AdamWState;
  /** The seed of the next draw of dropout. */
  readonly draw: number;
}

export class Trainer {
  /** What trains in this epoch, and what does not. */
  trained: Weights = new Map();
  frozen: Weights = new Map();
  readonly #model: TextClassifier;
  readonly #settings: Settings;
  readonly #epochs: number;
  /** What the strategy put in, as it is now. */
  #added: Weights;
  readonly #run: Compiled<StepInputs, StepOutputs>;
  #optimizer: AdamW | undefined;
  /** Moments of weights that trained in an epoch before and do not now. */
  #past: AdamWState | undefined;
  #accumulator: Accumulator | undefined;
  #draw: number;

  /** @param state goes on from there; without it the run is a new one */
  constructor(model: TextClassifier, settings: Settings, epochs: number, state?: TrainerState) {
    const { strategy, seed } = settings;
    this.#model = model;
    this.#settings = settings;
    this.#epochs = epochs;
    this.#added = strategy.adds(model, seed);
    this.#run = compileStep(model, strategy);
    // Hashed, so that the masks of neighbouring seeds have nothing in common.
    this.#draw = state?.draw ?? seedFor(seed, 'dropout');
    if (state) {
      strategy.merge(model, state.weights);
      this.#added = new Map([...this.#added.keys()].map((name) => [name, state.weights.get(name) as HostTensor]));
      this.#past = state.optimizer;
    }
  }

  /** Prepares for an epoch: where the strategy trains other weights than before, they get gradients and moments of their own. */
  async enter(epoch: number): Promise<void> {
    const { strategy, weightDecay, maxGradNorm, gradientAccumulationSteps } = this.#settings;
    this.#keep();
    const { trained, frozen } = divideAt(this.#model, strategy, this.#added, { epoch, epochs: this.#epochs });
    if (trained.size === 0)
      throw new RangeError(
        `The strategy "${strategy.name}" trains no weight of ${this.#model.name} in epoch ${epoch + 1}.`,
      );
    const same = trained.size === this.trained.size && [...trained.keys()].every((name) => this.trained.has(name));
    if (this.#optimizer && same) return;
    const past = mergeStates(this.#past, this.#optimizer?.state);
    await this.#run.dispose(); // the graphs for other weights
    await this.#optimizer?.dispose();
    this.trained = trained;
    this.frozen = frozen;
    this.#optimizer = new AdamW(trained, { weightDecay, maxGradNorm }, past);
    // Of the weights that rest now, copies: the old optimiser's memory is not held for them.
    this.#past = copyOf(past, (name) => !trained.has(name));
    this.#accumulator = gradientAccumulationSteps > 1 ? new Accumulator(this.#optimizer.gradients) : undefined;
  }

  /** One update from the mean gradient of the batches. Throws, changing nothing, where it is not a number. */
  async step(batches: readonly TextBatch[], learningRate: number, place: string) {
    const optimizer = this.#entered();
    const { parameters, gradients } = optimizer;
    const frozen = Object.fromEntries(this.frozen);
    let loss = 0;
    for (const batch of batches) {
      const inputs = { trained: parameters.tree, frozen, batch: batchTensors(batch), seed: seedTensor(this.#draw++) };
      const { value } = await this.#run(inputs, { into: { gradients: gradients.tree } });
      this.#checkFinite('loss', value.data[0] as number, place, [batch]);
      loss += (value.data[0] as number) / batches.length;
      this.#accumulator?.add(1 / batches.length);
    }
    this.#accumulator?.finish();
    const gradientNorm = await optimizer.step(learningRate);
    this.#checkFinite('gradient norm', gradientNorm, place, batches);
    return { loss, gradientNorm };
  }

  /** Gives the model the weights of the last step. */
  handOver(): void {
    if (this.#optimizer) this.#settings.strategy.merge(this.#model, new Map(this.#optimizer.parameters.tensors));
  }

  /** A copy of everything, to go on from. Hands over first. */
  state(): TrainerState {
    this.#keep();
    const optimizer = copyOf(mergeStates(this.#past, this.#entered().state));
    return { weights: this.weights(), optimizer, draw: this.#draw };
  }

  /** A copy of every weight that any epoch of the run trains, as it is now. */
  weights(): Weights {
    this.#keep();
    const { strategy } = this.#settings;
    const epochs = Array.from({ length: this.#epochs }, (_, epoch) => ({ epoch, epochs: this.#epochs }));
    const own = [...this.#model.weights].filter(([name]) =>
      epochs.some((at) => strategy.trains(name, this.#model, at)),
    );
    return copies(new Map([...own, ...this.#added]));
  }

  async dispose(): Promise<void> {
    await this.#run.dispose();
    await this.#optimizer?.dispose();
  }

  /** The model and `added` take the values of the last step. */
  #keep(): void {
    this.handOver();
    const now = this.#optimizer?.parameters.tensors;
    if (now) this.#added = new Map([...this.#added].map(([name, value]) => [name, now.get(name) ?? value]));
  }

  #entered(): AdamW {
    if (this.#optimizer === undefined) throw new Error('enter(epoch) comes before the first step.');
    return this.#optimizer;
  }

  #checkFinite(what: string, value: number, place: string, batches: readonly TextBatch[]): void {
    if (Number.isFinite(value)) return;
    const rows = batches.flatMap((batch) => batch.rows);
    const named = rows.slice(0, 16).join(', ') + (rows.length > 16 ? ` and ${rows.length - 16} more` : '');
    throw new Error(
      `The ${what} of ${place} is ${value}: training stopped before it, and the model has the weights from before. ` +
        `Its batch is made of the training rows ${named}. Try a lower learning rate than ${this.#settings.learningRate}.`,
    );
  }
}

/** Moments and steps by weight, the newer ones where both have them. */
function mergeStates(older: AdamWState | undefined, newer: AdamWState | undefined): AdamWState {
  const both = <T>(of: (state: AdamWState) => ReadonlyMap<string, T>) =>
    new Map([...(older ? of(older) : []), ...(newer ? of(newer) : [])]);
  return {
    firstMoments: both((state) => state.firstMoments),
    secondMoments: both((state) => state.secondMoments),
    steps: both((state) => state.steps),
  };
}

function copyOf(state: AdamWState, wanted: (name: string) => boolean = () => true): AdamWState {
  const part = <T>(all: ReadonlyMap<string, T>) => new Map([...all].filter(([name]) => wanted(name)));
  return {
    firstMoments: copies(part(state.firstMoments)),
    secondMoments: copies(part(state.secondMoments)),
    steps: part(state.steps),
  };
}

const copies = (weights: Weights): Weights =>
  new Map([...weights].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
