// Adapters as Python's peft keeps them: adapter_config.json and adapter_model.safetensors, with the head that was trained beside them.
//
//   await model.saveAdapter('out/reviews-lora');      // PeftModel.from_pretrained(base, 'out/reviews-lora') opens it
//   await model.loadAdapter('from-python');           // and what peft saved opens here
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostTensor, hostTensor, type Weights } from '../engine/index.js';
import { writeFileAtomically } from '../hub/atomic-file.js';
import { writeFolderAtomically } from '../hub/atomic-folder.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../hub/safetensors.js';
import type { Encoder } from '../models/encoder.js';
import { isLora } from '../nn/lora.js';
import { type AdapterSet, checkPromptFits, promptName } from './adapters.js';
import { type AdapterConfig, adapterConfigOf, parseAdapterConfig } from './peft-config.js';

const configFile = 'adapter_config.json';
const weightsFile = 'adapter_model.safetensors';

/** The model an adapter is made for. */
export interface AdapterBase {
  readonly name: string;
  readonly encoder: Encoder;
  readonly weights: Weights;
  /** Weights that no checkpoint gave: nobody else has them, so an adapter must bring them. */
  readonly newWeights: readonly string[];
  readonly maxLength: number;
}

/** What stands before the names of weights in a file: peft wraps LoRA's model once more than a prompt's. */
const wrapping = { LORA: 'base_model.model.', PROMPT_TUNING: 'base_model.' } as const;

/** The module that peft keeps a weight with: of a head the first part of its name, otherwise the layer. */
const moduleOf = ({ encoder }: AdapterBase, name: string): string =>
  encoder.head.isHead(name) ? (name.split('.')[0] as string) : name.slice(0, name.lastIndexOf('.'));

/** Writes both files. The folder appears whole or not at all; an adapter in it is replaced. */
export async function writeAdapter(folder: string, base: AdapterBase, adapters: AdapterSet): Promise<void> {
  const before = wrapping[adapters.kind === 'lora' ? 'LORA' : 'PROMPT_TUNING'];
  const fresh = new Set(base.newWeights);
  const whole = [...base.weights].filter(([name]) => base.encoder.head.isHead(name) || fresh.has(name));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of [...adapters.weights, ...whole])
    tensors.set(name === promptName ? name : `${before}${name}`, { dtype: 'F32', shape, data: data as Float32Array });
  const modules = [...new Set(whole.map(([name]) => moduleOf(base, name)))];
  const config = JSON.stringify(adapterConfigOf(base, adapters, modules), null, 2);
  await writeFolderAtomically(
    folder,
    async (staged) => {
      await writeFileAtomically(join(staged, configFile), async (file) => void (await file.write(`${config}\n`)));
      await writeSafetensors(join(staged, weightsFile), tensors, { format: 'pt' });
    },
    { holds: 'an adapter', marker: configFile, replaced: /^adapter_(config\.json|model\.(safetensors|bin))$/ },
  );
}

/**
 * Reads what peft or `writeAdapter` wrote, for a model it fits.
 * @returns the adapters, and by the model's names the weights that were trained whole: the head
 * @throws Error naming a file that is missing, a setting we cannot follow, or a weight that does not fit
 */
export async function readAdapter(folder: string, base: AdapterBase): Promise<{ adapters: AdapterSet; head: Weights }> {
  const text = await readFile(join(folder, configFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`${folder} holds no adapter: there is no ${configFile} in it.`, { cause: error });
  });
  const config = parseAdapterConfig(text, join(folder, configFile));
  const { tensors } = await readSafetensors(join(folder, weightsFile)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`${folder} holds half an adapter: there is no ${weightsFile} in it.`, { cause: error });
  });
  const own: Weights = new Map();
  const head: Weights = new Map();
  const before = wrapping[config.peft_type];
  for (const [stored, { shape, data }] of tensors) {
    const name = stored.startsWith(before) ? stored.slice(before.length) : stored;
    if (!(data instanceof Float32Array))
      throw new Error(`${folder}: ${stored} is no tensor of floating-point numbers.`);
    const expected = expectedShape(name, base, config);
    if (String(expected) !== String(shape))
      throw new Error(
        `${folder} does not fit ${base.name}: ${stored} has shape [${shape}], but ${expected ? `[${expected}] was expected` : 'there is no place for it'}.`,
      );
    (base.weights.has(name) ? head : own).set(name, hostTensor(data, shape));
  }
  checkHead(folder, base, head);
  return { adapters: adaptersOf(folder, config, own, base), head };
}

/** The shape of what an adapter may hold under a name; undefined where it may not hold it. */
function expectedShape(
  name: string,
  { encoder, weights }: AdapterBase,
  config: AdapterConfig,
): readonly number[] | undefined {
  if (config.peft_type === 'PROMPT_TUNING' && name === promptName)
    return [config.num_virtual_tokens, (weights.get(encoder.wordEmbeddings) as HostTensor).shape[1] as number];
  if (config.peft_type === 'PROMPT_TUNING' || !isLora(name)) return weights.get(name)?.shape;
  const shape = weights.get(name.replace(/lora_[AB]\.weight$/, 'weight'))?.shape;
  if (shape?.length !== 2) return undefined;
  const [out, inputs] = shape as [number, number];
  return name.endsWith('.lora_A.weight') ? [config.r, inputs] : [out, config.r];
}

/** Modules come whole, and weights that would otherwise be random come at all. */
function checkHead(folder: string, base: AdapterBase, head: Weights): void {
  const lacking = [...base.weights.keys()].filter((name) => !head.has(name));
  const modules = new Set([...head.keys()].map((name) => moduleOf(base, name)));
  const torn = lacking.filter((name) => modules.has(moduleOf(base, name)));
  if (torn.length > 0) throw new Error(`${folder} has a part of the head only: it lacks ${torn.join(', ')}.`);
  const random = lacking.filter((name) => base.newWeights.includes(name));
  if (random.length > 0)
    throw new Error(
      `${folder} brings no ${random.join(', ')}, and ${base.name} as it was loaded has random numbers there: ` +
        'load the model the adapter was trained on, with its head.',
    );
}

function adaptersOf(folder: string, config: AdapterConfig, own: Weights, base: AdapterBase): AdapterSet {
  if (config.peft_type === 'PROMPT_TUNING') {
    if (!own.has(promptName)) throw new Error(`${folder} holds half an adapter: it has no ${promptName}.`);
    checkPromptFits(base, config.num_virtual_tokens);
    return { kind: 'prompt', weights: own };
  }
  if (own.size === 0) throw new Error(`${folder} holds half an adapter: it has no matrices.`);
  const alone = [...own.keys()].find(
    (name) => !own.has(name.replace(/lora_([AB])\.weight$/, (_, one) => `lora_${one === 'A' ? 'B' : 'A'}.weight`)),
  );
  if (alone !== undefined) throw new Error(`${folder} holds half an adapter: ${alone} is alone.`);
  const { r: rank, lora_alpha, lora_dropout: dropout, use_rslora, target_modules: targets } = config;
  // Rank-stabilised LoRA scales by alpha / sqrt(r) (https://arxiv.org/abs/2312.03732).
  const alpha = use_rslora ? lora_alpha * Math.sqrt(rank) : lora_alpha;
  const names = Array.isArray(targets) ? targets.map(String) : [];
  return { kind: 'lora', rank, alpha, dropout, targets: names, weights: own };
}
