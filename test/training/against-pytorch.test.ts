// Twenty steps of fineTune against PyTorch: the same batches, losses, learning rates, gradient norms and final weights.
import { describe, expect, it } from 'vitest';
import { hostTensor } from '../../src/engine/index.js';
import type { TextTokenizer } from '../../src/tasks/tokenizer.js';
import { type FineTuneOptions, fineTune } from '../../src/training/fine-tune.js';
import { compileStep, divideWeights, seedTensor } from '../../src/training/step.js';
import { gradualUnfreezing } from '../../src/training/strategies/gradual-unfreezing.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import { fixtureJson, largestError, references } from '../references.js';
import { tinyBert } from './tiny.js';

interface Run {
  readonly accumulation: number;
  readonly losses: readonly number[];
  readonly learningRates: readonly number[];
  readonly gradientNorms: readonly number[];
}
const { settings, noise, classWeights, runs } = fixtureJson('fine-tuning/runs.json') as {
  settings: { learningRate: number; weightDecay: number; maxGradNorm: number; warmupSteps: number; steps: number };
  noise: readonly string[];
  classWeights: readonly number[];
  runs: Readonly<Record<string, Run>>;
};

/** The batches are token ids, some of which no text has; so here a text is its ids, spelled out. */
const idsAsText: TextTokenizer = {
  padId: 0,
  tokens: (text) => text.split(' '),
  encode: (text) => ({ ids: text.split(' ').map(Number), dropped: 0 }),
};

async function batchRows(): Promise<{ text: string; label: number }[]> {
  const batches = await references('fine-tuning/batches.safetensors');
  const [ids, mask, labels] = ['input_ids', 'attention_mask', 'labels'].map((name) => batches.get(name).data);
  return Array.from(labels!, (label, row) => {
    const kept = Array.from(ids!.slice(row * 12, (row + 1) * 12)).filter((_, i) => mask![row * 12 + i] === 1);
    return { text: kept.join(' '), label };
  });
}

/** What sets a run apart from the others. */
const options: Readonly<Record<string, FineTuneOptions>> = {
  weighted: { classWeights },
  // The pooler and the classifier in the first epoch, then the second layer too, the first, the embeddings.
  gradual: { strategy: gradualUnfreezing(), epochs: 4 },
};

describe('20 steps of tiny-bert, dropout off, as PyTorch takes them', () => {
  it.each(Object.entries(runs))('%s', async (name, run) => {
    const model = await tinyBert({ tokenizer: idsAsText });
    const { epochs = 1 } = options[name] ?? {};
    const { history } = await fineTune(
      model,
      { train: (await batchRows()).slice(0, 160 / epochs) },
      {
        epochs,
        ...options[name],
        batchSize: 8 / run.accumulation,
        gradientAccumulationSteps: run.accumulation,
        learningRate: settings.learningRate,
        weightDecay: settings.weightDecay,
        maxGradNorm: settings.maxGradNorm,
        warmupRatio: settings.warmupSteps / settings.steps,
        shuffle: false,
        groupByLength: false,
      },
    );
    expect(history).toHaveLength(20);
    history.forEach(({ loss, learningRate, gradientNorm }, i) => {
      expect(learningRate).toBeCloseTo(run.learningRates[i]!, 12);
      expect(Math.abs(loss - run.losses[i]!), `loss of step ${i + 1}`).toBeLessThan(1e-5);
      expect(Math.abs(gradientNorm / run.gradientNorms[i]! - 1), `norm of step ${i + 1}`).toBeLessThan(1e-4);
    });
    const expected = await references('fine-tuning/runs.safetensors');
    for (const [weight, tensor] of model.weights) {
      // The gradient of an attention key's bias is 0 but for rounding, which Adam scales up to whole steps: see fine_tuning.py.
      if (noise.includes(weight)) continue;
      const after = expected.get(`${name}.${weight}`);
      expect(largestError({ data: tensor.data.slice(0, after.data.length) }, after), weight).toBeLessThan(1e-5);
    }
  });
});

describe.each([
  ['LoRA', 'tiny-bert-lora', lora({ rank: 4, alpha: 8, dropout: 0 }), 'base_model.model.'],
  ['a prompt', 'tiny-bert-prompt', promptTuning({ virtualTokens: 3 }), 'base_model.'],
] as const)('%s of tiny-bert, as peft computes it', (_, folder, strategy, prefix) => {
  it('has the same logits to 1e-5, loss to 1e-6 and gradients to 1e-4', async () => {
    const python = (name: string) => (name === 'prompt_embeddings' ? name : prefix + name);
    const adapters = await references(`${folder}/adapter_model.safetensors`);
    const expected = await references(`${folder}/expected.safetensors`);
    const batch = await references('tiny-bert/expected.safetensors');
    const model = await tinyBert({ maxLength: 32 });
    const { trained, frozen } = divideWeights(model, strategy, 1);
    expect([...trained.keys()].map(python).sort()).toEqual([...adapters.names].sort());
    const values = Object.fromEntries([...trained.keys()].map((name) => [name, adapters.get(python(name))]));

    const step = compileStep(model, strategy);
    const { value, logits, gradients } = await step({
      trained: values,
      frozen: Object.fromEntries(frozen),
      batch: {
        inputs: {
          inputIds: batch.get('input_ids'),
          attentionMask: batch.get('attention_mask'),
          tokenTypeIds: batch.get('token_type_ids'),
        },
        labels: batch.get('labels'),
        rowWeights: hostTensor(new Float32Array(4).fill(1), [4]),
      },
      seed: seedTensor(1),
    });
    await step.dispose();
    expect(largestError(logits, expected.get('logits'))).toBeLessThan(1e-5);
    expect(largestError(value, expected.get('loss'))).toBeLessThan(1e-6);
    for (const [name, gradient] of Object.entries(gradients))
      expect(largestError(gradient, expected.get(`gradient.${python(name)}`)), name).toBeLessThan(1e-4);
    const { trainableParameters } = fixtureJson(`${folder}/expected.json`) as { trainableParameters: number };
    const count = [...trained.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(count).toBe(trainableParameters);
  });
});
