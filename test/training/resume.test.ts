// A run that is killed and resumed ends with the very weights, bit for bit, of one that was not.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../../src/hub/package-root.js';
import { readSafetensors, writeSafetensors } from '../../src/hub/safetensors.js';
import { type FineTuneOptions, fineTune } from '../../src/training/fine-tune.js';
import { gradualUnfreezing } from '../../src/training/strategies/gradual-unfreezing.js';
import { lora } from '../../src/training/strategies/lora.js';
import { fixture, temporaryFolder } from '../references.js';
import { rows, snapshot, tinyBert } from './tiny.js';

const stateFile = 'training-state.safetensors';

/** tiny-bert with dropout, so that its draws count too. */
function tinyFolder(): string {
  const folder = join(temporaryFolder(), 'tiny');
  cpSync(fixture('tiny-bert'), folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const rates = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...rates }));
  return folder;
}

/** Runs run.mjs; the answer is the signal it was killed by, or null. */
async function run(plan: object): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [packagePath('test', 'training', 'run.mjs'), JSON.stringify(plan)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  return new Promise((resolve, reject) =>
    child.on('close', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal))),
  );
}

describe('a process killed with SIGKILL', () => {
  const options = { epochs: 3, batchSize: 4, learningRate: 1e-3, loadBestModelAtEnd: true, saveSteps: 2 };
  const data = rows(18); // 5 steps an epoch, the last of 2 rows

  it.each<[string, { dieAfter?: number[]; dieAtSave?: number[]; gradientAccumulationSteps?: number }]>([
    ['full', { dieAfter: [1, 7, 15] }],
    ['lora', { dieAfter: [5, 6, 11] }],
    ['gradual', { dieAfter: Array.from({ length: 15 }, (_, i) => i + 1) }], // at every step of the run
    ['full', { dieAtSave: [1, 4], gradientAccumulationSteps: 2 }],
  ])('in a run of %s, %j', { timeout: 120_000 }, async (strategy, { dieAfter = [], dieAtSave = [], ...more }) => {
    const folder = tinyFolder();
    const out = (name: string) => join(folder, '..', name);
    const plan = { folder, strategy, rows: data };
    const whole = { ...plan, options: { ...options, ...more, outputDir: out('whole') }, out: out('whole.json') };
    const broken = { ...plan, options: { ...options, ...more, outputDir: out('broken') }, out: out('broken.json') };
    const finished = run(whole);
    for (const step of dieAfter) expect(await run({ ...broken, dieAfter: step })).toBe('SIGKILL');
    for (const save of dieAtSave) expect(await run({ ...broken, dieAtSave: save })).toBe('SIGKILL');
    expect(await run(broken)).toBeNull();
    expect(await finished).toBeNull();
    const end = (name: string) => JSON.parse(readFileSync(out(name), 'utf8'));
    expect(end('broken.json')).toEqual(end('whole.json'));
    // The state is gone with the end of the run.
    expect(existsSync(join(out('broken'), stateFile))).toBe(false);
  });
});

describe('resuming', () => {
  const settings: FineTuneOptions = { epochs: 2, batchSize: 4, learningRate: 1e-3, progress: false } as FineTuneOptions;

  /** A run stopped after step 3 of 8, which leaves its state in a folder. */
  async function stoppedRun(options: FineTuneOptions = {}) {
    const outputDir = join(temporaryFolder(), 'run');
    const model = await tinyBert({ dropout: 0.1 });
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }) => void (step === 3 && stop.abort());
    const all = { ...settings, ...options, outputDir };
    await expect(fineTune(model, { train: rows(16) }, { ...all, onStep, signal: stop.signal })).rejects.toThrow(
      `Training was stopped after step 3 of 8; the model has the weights of that step. Go on with resumeFromCheckpoint: true; ${outputDir} has its state.`,
    );
    return { model, outputDir, options: { ...all, resumeFromCheckpoint: true } };
  }

  it.each([
    ['full', {}],
    ['LoRA', { strategy: lora({ rank: 2 }) }],
  ])('goes on with the same model in the same notebook, after Stop: %s', async (_, strategy) => {
    const { model, options } = await stoppedRun(strategy);
    const steps: number[] = [];
    const result = await fineTune(
      model,
      { train: rows(16) },
      { ...options, onStep: ({ step }) => void steps.push(step) },
    );
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]); // those before too, so that a picture is whole
    const unbroken = await tinyBert({ dropout: 0.1 });
    const whole = await fineTune(unbroken, { train: rows(16) }, { ...settings, ...strategy });
    expect(result.history).toEqual(whole.history);
    expect(snapshot(model)).toEqual(snapshot(unbroken));
    expect(model.adapters).toEqual(unbroken.adapters);
  });

  it('starts from the beginning where there is nothing to resume', async () => {
    const outputDir = join(temporaryFolder(), 'none');
    const { history } = await fineTune(
      await tinyBert(),
      { train: rows(8) },
      { ...settings, outputDir, resumeFromCheckpoint: true },
    );
    expect(history).toHaveLength(4);
  });

  it.each([
    [{ learningRate: 2e-3 }, /holds another run: learningRate differs \(0.001 then, 0.002 now\)/],
    [{ strategy: lora() }, /holds another run: strategy, the frozen weights differ/],
    [
      { strategy: gradualUnfreezing({ layersPerEpoch: 1 }) },
      /\(full then, gradual unfreezing \{"layersPerEpoch":1\} now\)/,
    ],
  ])('refuses another run, naming what differs: %j', async (change, message) => {
    const { options, outputDir } = await stoppedRun();
    const model = await tinyBert({ dropout: 0.1 });
    const before = snapshot(model);
    await expect(fineTune(model, { train: rows(16) }, { ...options, ...change })).rejects.toThrow(message);
    expect(snapshot(model)).toEqual(before);
    expect(readdirSync(outputDir)).toEqual([stateFile]);
  });

  it('refuses other rows', async () => {
    const { options } = await stoppedRun();
    await expect(fineTune(await tinyBert(), { train: rows(15) }, options)).rejects.toThrow(/the training rows differs/);
    const data = { train: rows(16), validation: rows(3) };
    await expect(fineTune(await tinyBert(), data, options)).rejects.toThrow(/the validation rows differs/);
  });

  it('refuses a strategy of other settings, and leaves adapters of before in place', async () => {
    const { options } = await stoppedRun({ strategy: lora({ rank: 2 }) });
    const model = await tinyBert({ dropout: 0.1 });
    await fineTune(model, { train: rows(4) }, { epochs: 1, strategy: lora({ rank: 4 }) });
    const { adapters } = model;
    const again = { ...options, strategy: lora({ rank: 2, alpha: 4 }) };
    await expect(fineTune(model, { train: rows(16) }, again)).rejects.toThrow(/strategy.* differ/);
    expect(model.adapters).toBe(adapters);
  });

  it('refuses a state that is none', async () => {
    const { options, outputDir } = await stoppedRun();
    const { tensors } = await readSafetensors(join(outputDir, stateFile));
    await writeSafetensors(join(outputDir, stateFile), tensors, { run: '{}' });
    await expect(fineTune(await tinyBert(), { train: rows(16) }, options)).rejects.toThrow(/is no state of a run/);
  });
});
