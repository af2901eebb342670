// AdamW (Loshchilov, Hutter 2017, https://arxiv.org/abs/1711.05101) with gradient clipping by global norm, as PyTorch's
// torch.optim.AdamW and clip_grad_norm_ compute them.
//
// Parameters, gradients and both moments lie in arenas of the same layout. The update is one small compiled function,
// run in place over chunks of them: its operators are all element-wise, so results may overwrite the inputs, and a chunk
// stays in the processor's cache from the first operator to the last.
import { Arena, compile, type HostTensor, hostTensor, tf, type Weights } from '../engine/index.js';

export interface AdamWOptions {
  /** Decay rates of the two moments. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** Share of the learning rate by which a weight shrinks each step; biases and norms never do. Default 0. */
  readonly weightDecay?: number;
  /** Gradients are scaled down so that their global norm is at most this. Default 1; Infinity never clips. */
  readonly maxGradNorm?: number;
}

const chunkSize = 2 ** 18;

/** Weight decay is for matrices: a bias or a norm's scale shrunk towards 0 would change what the layer can express. */
const decays = (name: string): boolean => !name.endsWith('bias') && !/norm\w*\.weight$/i.test(name);

/** What an optimiser knows of the past, by weight: to go on from a file, or with other weights. */
export interface AdamWState {
  readonly firstMoments: Weights;
  readonly secondMoments: Weights;
  /** Steps each weight has taken. */
  readonly steps: ReadonlyMap<string, number>;
}

/** A stretch of the arenas, with what is done to it in each step. */
interface Chunk {
  readonly update: () => Promise<unknown>;
  readonly sumOfSquares: () => Promise<HostTensor>;
}

export class AdamW {
  /** The trained weights. A step changes them in place. */
  readonly parameters: Arena;
  /** Where the step's graph writes gradients, in the layout of the parameters. */
  readonly gradients: Arena;
  /** First and second moments, for a checkpoint to keep. */
  readonly moments: readonly [Arena, Arena];
  /** Steps taken by this optimiser, those of its `past` not among them. */
  steps = 0;

  readonly #options: Required<AdamWOptions>;
  readonly #chunks: readonly Chunk[];
  readonly #scalars = { momentum: scalar(), variance: scalar(), keep: scalar() };
  /** The scalars that depend on how many steps weights had taken before, by that number. */
  readonly #ages = new Map<number, { readonly epsilon: HostTensor; readonly rate: HostTensor }>();
  readonly #before: ReadonlyMap<string, number>;
  readonly #update;
  readonly #sumOfSquares = compile(({ g }: { g: tf.Tensor }) => tf.sum(tf.square(g)));

  /** @param past weights named there go on with their moments and steps; the others start anew, as in PyTorch */
  constructor(weights: Weights, options: AdamWOptions = {}, past?: AdamWState) {
    this.#options = { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0, maxGradNorm: 1, ...options };
    const { weightDecay, betas } = this.#options;
    this.#before = new Map([...weights.keys()].map((name) => [name, past?.steps.get(name) ?? 0]));
    const before = (name: string) => this.#before.get(name) as number;
    // What decays comes first, and weights of one age stand together: a few boundaries separate all kinds.
    const names = [...weights.keys()].sort((a, b) => Number(decays(b)) - Number(decays(a)) || before(b) - before(a));
    const shapes = new Map(names.map((name) => [name, (weights.get(name) as HostTensor).shape]));
    this.parameters = new Arena(shapes).fill(weights);
    this.gradients = new Arena(shapes);
    this.moments = [new Arena(shapes), new Arena(shapes)];
    if (past) {
      restore(this.moments[0], past.firstMoments);
      restore(this.moments[1], past.secondMoments);
    }
    this.#update = compile(updateWith(betas));
    let end = 0;
    const ends = names.map((name) => (end += (weights.get(name) as HostTensor).data.length));
    const kind = (name: string | undefined) => name && `${decays(name)} ${before(name)}`;
    // Where a weight of another kind follows, a stretch ends.
    const last = names.flatMap((name, i) => (kind(name) === kind(names[i + 1]) ? [] : [i]));
    this.#chunks = last.flatMap((at, i) => {
      const [name, start] = [names[at] as string, ends[last[i - 1] ?? -1] ?? 0];
      return this.#slice(start, ends[at] as number, before(name), weightDecay > 0 && decays(name));
    });
  }

  /** Moments and steps of every weight, to go on from. The moments are views: copy them to keep them. */
  get state(): AdamWState {
    const [firstMoments, secondMoments] = this.moments.map(({ tensors }) => new Map(tensors)) as [Weights, Weights];
    return {
      firstMoments,
      secondMoments,
      steps: new Map([...this.#before].map(([name, count]) => [name, count + this.steps])),
    };
  }

  /**
   * Moves the parameters against the gradients. Where a gradient is infinite or not a number, nothing changes.
   * @returns the global norm of the gradients before clipping
   */
  async step(learningRate: number): Promise<number> {
    const { betas, epsilon, weightDecay, maxGradNorm } = this.#options;
    const norm = await this.gradientNorm();
    if (!Number.isFinite(norm)) return norm;
    const clip = Math.min(1, maxGradNorm / (norm + 1e-6));
    this.steps += 1;
    // Constant factors are drawn together, so that each costs one pass or none.
    set(this.#scalars.momentum, clip * (1 - betas[0]));
    set(this.#scalars.variance, clip * clip * (1 - betas[1]));
    for (const [before, scalars] of this.#ages) {
      const steps = before + this.steps;
      const correction = Math.sqrt(1 - betas[1] ** steps);
      set(scalars.epsilon, epsilon * correction);
      set(scalars.rate, (learningRate * correction) / (1 - betas[0] ** steps));
    }
    set(this.#scalars.keep, 1 - learningRate * weightDecay);
    for (const { update } of this.#chunks) await update();
    return norm;
  }

  /** The root of the sum of squares of all gradients. */
  async gradientNorm(): Promise<number> {
    let sum = 0;
    for (const { sumOfSquares } of this.#chunks) sum += (await sumOfSquares()).data[0] as number;
    return Math.sqrt(sum);
  }

  async dispose(): Promise<void> {
    await this.#update.dispose();
    await this.#sumOfSquares.dispose();
  }

  #slice(from: number, to: number, before: number, decay: boolean): Chunk[] {
    const { keep, ...common } = this.#scalars;
    const age = this.#ages.get(before) ?? { epsilon: scalar(), rate: scalar() };
    this.#ages.set(before, age);
    const scalars = { ...common, ...age };
    const chunks: Chunk[] = [];
    for (let start = from; start < to; start += chunkSize) {
      const view = ({ data }: Arena) => {
        const part = data.subarray(start, Math.min(start + chunkSize, to));
        return hostTensor(part, [part.length]);
      };
      const [p, g, m, v] = [view(this.parameters), view(this.gradients), ...this.moments.map(view)] as [
        HostTensor,
        HostTensor,
        HostTensor,
        HostTensor,
      ];
      const inputs = { p, g, m, v, ...scalars, ...(decay ? { keep } : {}) };
      chunks.push({
        update: this.#update.bind(inputs, { into: { p, m, v } }),
        sumOfSquares: this.#sumOfSquares.bind({ g }),
      });
    }
    return chunks;
  }
}

interface UpdateInputs {
  readonly p: tf.Tensor;
  readonly g: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
  readonly momentum: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: tf.Tensor;
  readonly rate: tf.Tensor;
  readonly keep?: tf.Tensor;
}

const updateWith =
  (betas: readonly [number, number]) =>
  ({ p, g, m, v, momentum, variance, epsilon, rate, keep }: UpdateInputs) => {
    const newM = tf.add(tf.mul(m, betas[0]), tf.mul(g, momentum));
    const newV = tf.add(tf.mul(v, betas[1]), tf.mul(tf.square(g), variance));
    const change = tf.mul(tf.div(newM, tf.add(tf.sqrt(newV), epsilon)), rate);
    return { p: tf.sub(keep ? tf.mul(p, keep) : p, change), m: newM, v: newV };
  };

/** Copies what there is. */
function restore(arena: Arena, values: Weights): void {
  for (const [name, { data }] of arena.tensors) data.set((values.get(name)?.data as Float32Array | undefined) ?? []);
}

const scalar = (): HostTensor => hostTensor(new Float32Array(1), []);
const set = (tensor: HostTensor, value: number): void => {
  tensor.data[0] = value;
};
