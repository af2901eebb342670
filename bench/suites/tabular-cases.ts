// The cases of the suite tabular: a model of ours and the reference's with the same settings. Names of settings are ours; the
// program of the reference (python/tabular.py) says what they are called there.

export interface TabularCase {
  readonly name: 'xgboost' | 'ordered-boosting' | 'mlp' | 'tabnet';
  /** What our estimator is given, beside the threads and the seed. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Fits of each side that are not counted, and that are. */
  readonly fits: { readonly warmUp: number; readonly counted: number };
  /** Whether both sides must predict the same to rounding: the library is the same. */
  readonly same?: boolean;
}

/** On both sides. */
export const THREADS = 2;
export const SEED = 42;

/** The largest difference of two probabilities of the same library. */
export const SAME = 1e-6;

export const tabularCases: readonly TabularCase[] = [
  {
    name: 'xgboost',
    settings: { rounds: 300, maxDepth: 5, learningRate: 0.1 },
    fits: { warmUp: 1, counted: 11 },
    same: true,
  },
  {
    name: 'ordered-boosting',
    settings: { rounds: 500, depth: 6, learningRate: 0.1 },
    fits: { warmUp: 0, counted: 3 },
  },
  {
    name: 'mlp',
    settings: {
      ...{ hidden: [128, 64], dropout: 0.1, epochs: 20, batchSize: 256 },
      ...{ learningRate: 0.001, schedule: 'cosine', weightDecay: 0.01, maxGradNorm: 1 },
    },
    fits: { warmUp: 0, counted: 3 },
  },
  {
    name: 'tabnet',
    settings: {
      ...{ nD: 16, nA: 16, nSteps: 3, embeddingDimension: 2, virtualBatchSize: 128 },
      ...{ epochs: 20, batchSize: 1024, learningRate: 0.02 },
    },
    fits: { warmUp: 0, counted: 2 },
  },
];
