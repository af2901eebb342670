// A BERT classifier of a given size with random weights, and one random batch for it: what train-step trains.
import { readFile } from 'node:fs/promises';
import { hostTensor } from '../../src/engine/index.js';
import { packagePath } from '../../src/hub/package-root.js';
import { seededRandom } from '../../src/hub/random.js';
import { encoderOf } from '../../src/models/architectures.js';
import type { TextBatch } from '../../src/tasks/batching.js';
import { freshWeight } from '../../src/tasks/match-weights.js';
import { TextClassifier } from '../../src/tasks/text-classification.js';
import { loadTokenizer } from '../../src/tasks/tokenizer.js';
import type { TrainStepCase } from '../suites/train-step.js';

export async function randomClassifier(size: TrainStepCase): Promise<TextClassifier> {
  const config = {
    model_type: 'bert',
    vocab_size: size.vocabulary,
    hidden_size: size.hidden,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    intermediate_size: size.intermediate,
    hidden_dropout_prob: size.dropout,
    attention_probs_dropout_prob: size.dropout,
  };
  const encoder = encoderOf(config, size.name);
  const labels = ['no', 'yes'];
  const shapes = new Map([...encoder.weights, ...encoder.head.weights(labels.length)]);
  const weights = new Map([...shapes].map(([name, shape]) => [name, freshWeight(encoder, name, shape, 42)]));
  // The batch is made of ids: any tokenizer will do.
  const read = async (file: string) =>
    JSON.parse(await readFile(packagePath('test', 'fixtures', 'tiny-bert', file), 'utf8'));
  const tokenizerFiles = {
    tokenizerJson: await read('tokenizer.json'),
    tokenizerConfig: await read('tokenizer_config.json'),
  };
  return new TextClassifier({
    name: size.name,
    labels,
    encoder,
    weights,
    tokenizer: loadTokenizer(tokenizerFiles.tokenizerJson, tokenizerFiles.tokenizerConfig),
    tokenizerFiles,
    maxLength: size.length,
    newWeights: [],
  });
}

export function randomBatch({ batch, length, vocabulary }: TrainStepCase): Omit<TextBatch, 'rows' | 'tokens'> {
  const random = seededRandom(42);
  const ids = Int32Array.from({ length: batch * length }, () => 1000 + Math.floor(random() * (vocabulary - 1000)));
  const shape = [batch, length];
  return {
    inputs: {
      inputIds: hostTensor(ids, shape),
      attentionMask: hostTensor(new Int32Array(batch * length).fill(1), shape),
      tokenTypeIds: hostTensor(new Int32Array(batch * length), shape),
    },
    labels: hostTensor(
      Int32Array.from({ length: batch }, () => Math.floor(random() * 2)),
      [batch],
    ),
    rowWeights: hostTensor(new Float32Array(batch).fill(1), [batch]),
  };
}
