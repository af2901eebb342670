// Our side of the suite strategies: the step that fineTune takes under a strategy, on one batch again and again.
import { AdamW } from '../../src/training/adamw.js';
import { compileStep, divideWeights, seedTensor } from '../../src/training/step.js';
import { freezeEarlyLayers } from '../../src/training/strategies/freeze-early-layers.js';
import { freezeLateLayers } from '../../src/training/strategies/freeze-late-layers.js';
import { full } from '../../src/training/strategies/full.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import type { Strategy } from '../../src/training/strategies/strategy.js';
import type { StrategyCase } from '../suites/strategies.js';
import { answerSteps } from './answer-steps.js';
import { watchMemory } from './peak-memory.js';
import { randomBatch, randomClassifier } from './random-classifier.js';

function strategyOf({ strategy }: StrategyCase): Strategy {
  switch (strategy.kind) {
    case 'full':
      return full();
    case 'lora':
      return lora(strategy);
    case 'prompt':
      return promptTuning({ virtualTokens: strategy.virtualTokens });
    case 'freeze-first':
      return freezeEarlyLayers(strategy.layers);
    case 'freeze-last':
      return freezeLateLayers(strategy.layers);
  }
}

await answerSteps(async (one: StrategyCase) => {
  const model = await randomClassifier(one);
  const strategy = strategyOf(one);
  const peak = watchMemory();
  const { trained, frozen } = divideWeights(model, strategy, 42);
  const optimizer = new AdamW(trained, { maxGradNorm: 1 });
  const compiled = compileStep(model, strategy);
  const batch = randomBatch(one);
  let draws = 0;
  const step = async () => {
    const { value } = await compiled(
      { trained: optimizer.parameters.tree, frozen: Object.fromEntries(frozen), batch, seed: seedTensor(draws++) },
      { into: { gradients: optimizer.gradients.tree } },
    );
    await optimizer.step(5e-5);
    return value.data[0] as number;
  };
  const arenas = [optimizer.gradients, ...optimizer.moments];
  return {
    name: 'ours',
    trained: optimizer.parameters.data.length,
    step,
    memory: () => ({
      optimizerBytes: arenas.reduce((sum, { data }) => sum + data.byteLength, 0),
      peakBytes: peak(),
    }),
  };
});
