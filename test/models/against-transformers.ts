// Holds an encoder against transformers, with what test/python/references/encoders.py computed for four padded rows, dropout off.
//
//   describeEncoder('tiny-distilbert', { zeroGradients: /k_lin\.bias$/ });
import { afterAll, describe, expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, type tf, valueAndGradients } from '../../src/engine/index.js';
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { encoderOf } from '../../src/models/architectures.js';
import type { Encoder, EncoderInputs } from '../../src/models/encoder.js';
import { crossEntropy } from '../../src/nn/cross-entropy.js';
import type { Params, Pass } from '../../src/nn/pass.js';
import { fixture, fixtureJson, largestError, references, toHost } from '../references.js';

export interface EncoderExpectations {
  /** Weights whose gradient is 0 but for rounding: an attention key's bias moves all scores of a row by as much. */
  readonly zeroGradients?: RegExp;
  /** What transformers saves with the bare encoder that a classifier has no place for. */
  readonly leftOut?: readonly string[];
  /** True where what padding is turned into is not as in transformers: a window may leave it nothing to look at. */
  readonly onlyTokens?: boolean;
  /** Lengths texts are padded to, none of which may change their logits. Default 24 and 64. */
  readonly paddedLengths?: readonly number[];
}

interface Inputs {
  readonly params: Params;
  readonly inputs: EncoderInputs;
}

/** The encoder of a fixture with the head of a classifier, and its weights by name. */
export async function loadEncoder(folder: string): Promise<{ encoder: Encoder; params: Record<string, HostTensor> }> {
  const { config } = await readCheckpoint(fixture(folder));
  return { encoder: encoderOf(config, folder), params: await loadWeights(folder) };
}

/** The float weights in a fixture's file, by name. */
export async function loadWeights(folder: string): Promise<Record<string, HostTensor>> {
  const { tensors } = await readCheckpoint(fixture(folder));
  const floats = [...tensors].filter(([, { dtype }]) => dtype === 'F32');
  return Object.fromEntries(floats.map(([name, tensor]) => [name, toHost(tensor)]));
}

/** One test for each thing that must be as in transformers. */
export function describeEncoder(folder: string, expectations: EncoderExpectations = {}): void {
  describe(folder, async () => {
    const expected = await references(`${folder}/expected.safetensors`);
    const { encoder, params } = await loadEncoder(folder);
    const { bareWeights, texts } = fixtureJson(`${folder}/expected.json`) as {
      bareWeights: string[];
      texts: { input_ids: number[]; logits: number[] }[];
    };
    const inputs = {
      inputIds: expected.get('input_ids'),
      attentionMask: expected.get('attention_mask'),
      tokenTypeIds: encoder.readsTokenTypes ? expected.get('token_type_ids') : hostTensor(new Int32Array(48), [4, 12]),
    };

    const run = (weights: Params, ids: EncoderInputs, pass: Pass) => {
      const outputs = encoder.encode(weights, ids, pass);
      return { hiddenStates: [...outputs.hiddenStates], logits: encoder.head.logits(weights, outputs, pass) };
    };
    const forward = compile(({ params: weights, inputs: ids }: Inputs) => run(weights, ids, {}));
    afterAll(() => forward.dispose());

    it('has the same hidden states and logits to 1e-5', async () => {
      const { hiddenStates, logits } = await forward({ params, inputs });
      expect(hiddenStates).toHaveLength(encoder.layers + 1);
      const rows = (state: HostTensor) => (expectations.onlyTokens ? ofTokens(state, inputs.attentionMask) : state);
      hiddenStates.forEach((state, n) => {
        const right = expected.get(`hidden_states.${n}`);
        expect(largestError(rows(state), rows(right)), `hidden state ${n}`).toBeLessThan(1e-5);
      });
      expect(logits.shape).toEqual([4, 3]);
      expect(largestError(logits, expected.get('logits'))).toBeLessThan(1e-5);
    });

    it('has the same loss to 1e-6 and the same gradient of every weight to 1e-4', async () => {
      type Batch = { ids: EncoderInputs; labels: tf.Tensor; rowWeights: tf.Tensor };
      const step = compile(({ weights, batch }: { weights: Record<string, tf.Tensor>; batch: Batch }) =>
        valueAndGradients((trained) => {
          const { logits } = run(trained, batch.ids, {});
          return { value: crossEntropy(logits, batch.labels, batch.rowWeights) };
        }, weights),
      );
      const rowWeights = hostTensor(new Float32Array(4).fill(1), [4]);
      const batch = { ids: inputs, labels: expected.get('labels'), rowWeights };
      const { value, gradients } = await step({ weights: params, batch });
      await step.dispose();
      expect(largestError(value, expected.get('loss'))).toBeLessThan(1e-6);

      const names = expected.names.flatMap((name) => (name.startsWith('gradient.') ? [name.slice(9)] : []));
      expect(Object.keys(gradients).sort()).toEqual(names.sort());
      for (const name of names) {
        const right = expected.get(`gradient.${name}`);
        const error = largestError(gradients[name] as HostTensor, right);
        expect(error, `gradient of ${name}`).toBeLessThan(1e-4);
        if (expectations.zeroGradients?.test(name)) continue;
        // An absolute bound alone would pass a gradient that is small everywhere.
        const scale = Math.max(...right.data.map(Math.abs));
        expect(error / scale, `gradient of ${name}, relative to its largest element`).toBeLessThan(1e-4);
      }
    });

    it('puts a prompt before the word embeddings as peft does: the same logits to 1e-5', async () => {
      const prompted = compile(({ prompt, ...all }: Inputs & { prompt: tf.Tensor }) =>
        run(all.params, all.inputs, { prompt }),
      );
      const { logits } = await prompted({ params, inputs, prompt: expected.get('prompt') });
      await prompted.dispose();
      expect(largestError(logits, expected.get('prompt_logits'))).toBeLessThan(1e-5);
    });

    it('gives a text the same logits to 1e-5, however far it is padded', async () => {
      for (const length of expectations.paddedLengths ?? [24, 64]) {
        const padded = (values: readonly number[], fill = 0) =>
          hostTensor(
            Int32Array.from({ length }, (_, i) => values[i] ?? fill),
            [1, length],
          );
        for (const { input_ids: ids, logits } of texts) {
          const text = {
            inputIds: padded(ids, Number(encoder.config.pad_token_id)),
            attentionMask: padded(ids.map(() => 1)),
            tokenTypeIds: padded([]),
          };
          expect(largestError((await forward({ params, inputs: text })).logits, { data: logits })).toBeLessThan(1e-5);
        }
      }
    });

    it('names every weight of the checkpoint, with its shape', () => {
      const wanted = new Map([...encoder.weights, ...encoder.head.weights(3)]);
      expect([...wanted.keys()].sort()).toEqual(Object.keys(params).sort());
      for (const [name, shape] of wanted) expect(params[name]?.shape, name).toEqual(shape);
      for (const name of encoder.head.weights(3).keys()) expect(encoder.head.isHead(name), name).toBe(true);
      for (const name of encoder.weights.keys()) expect(encoder.head.isHead(name), name).toBe(false);
      expect(wanted.get(encoder.wordEmbeddings)?.[0]).toBe(encoder.vocabularySize);
    });

    it('knows the bare encoder by its names, and what to leave out of it', () => {
      const { prefix, notEncoder } = encoder;
      expect([...encoder.weights.keys()].every((name) => name.startsWith(prefix))).toBe(true);
      const bare = new Set([...encoder.weights.keys()].map((name) => name.slice(prefix.length)));
      const others = bareWeights.filter((name) => !bare.has(name));
      expect(others).toEqual(expectations.leftOut ?? []);
      expect(others.filter((name) => !notEncoder.test(name))).toEqual([]);
      expect([...bare].filter((name) => !bareWeights.includes(name))).toEqual([]);
    });

    it('counts its layers, and is the same family with fewer of them or another vocabulary', () => {
      const layers = new Set([...encoder.weights.keys()].map(encoder.layerOf).filter((layer) => layer !== undefined));
      expect([...layers]).toEqual([...Array(encoder.layers + 1).keys()].map((n) => n - 1));
      const shorter = encoder.withLayers(1);
      const kept = [...encoder.weights.keys()].filter((name) => (encoder.layerOf(name) ?? -1) < 1);
      expect([...shorter.weights.keys()]).toEqual(kept);
      expect(encoderOf(shorter.config, 'one layer').layers).toBe(1);
      const smaller = encoder.withVocabulary(99);
      expect(smaller.weights.get(smaller.wordEmbeddings)?.[0]).toBe(99);
      expect(smaller.config).toEqual({ ...encoder.config, vocab_size: 99 });
    });

    it('has the layers LoRA is added to', () => {
      for (const target of encoder.loraTargets)
        expect([...encoder.weights.keys()].filter((name) => name.endsWith(`.${target}.weight`)).length).toBe(
          encoder.layers,
        );
    });

    it('refuses more tokens than it reads, a prompt among them', async () => {
      const length = encoder.maxLength - 1;
      const ids = hostTensor(new Int32Array(length).fill(5), [1, length]);
      const long = { inputIds: ids, attentionMask: ids, tokenTypeIds: ids };
      const prompted = compile(({ prompt, ...all }: Inputs & { prompt: tf.Tensor }) =>
        run(all.params, all.inputs, { prompt }),
      );
      await expect(prompted({ params, inputs: long, prompt: expected.get('prompt') })).rejects.toThrow(
        `The text has ${length} tokens and the prompt 3, but this model reads ${encoder.maxLength} at most: truncate it.`,
      );
    });
  });
}

/** The rows of `state` [batch * length, size] that belong to tokens. */
function ofTokens(state: HostTensor, { data: mask }: HostTensor): { data: ArrayLike<number> } {
  const size = state.data.length / mask.length;
  return { data: Array.from(state.data).filter((_, i) => mask[Math.floor(i / size)] === 1) };
}

/** Config fields that must be refused, by name: what we would read wrongly. */
export function describeRefused(folder: string, fields: readonly (readonly [string, unknown])[]): void {
  it.each(fields.map(([field, value]) => [field, JSON.stringify(value), value] as const))(
    `${folder}: config.json with %s %s is refused`,
    (field, _, value) => {
      const config = { ...(fixtureJson(`${folder}/config.json`) as object), [field]: value };
      expect(() => encoderOf(config, folder)).toThrow(`${folder} has a config.json that we cannot follow: ${field}`);
    },
  );
}
