// Adapters as Python's peft keeps them: adapter_config.json and adapter_model.safetensors, with the head that was trained beside them.
//
//   await model.saveAdapter('out/reviews-lora');      // PeftModel.from_pretrained(base, 'out/reviews-lora') opens it
//   await model.loadAdapter('from-python');           // and what peft saved opens here
import { mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type HostTensor, hostTensor, type Weights } from '../engine/index.js';
import { temporaryPath, writeFileAtomically } from '../hub/atomic-file.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../hub/safetensors.js';
import type { Encoder } from '../models/encoder.js';
import { isLora, loraLayers } from '../nn/lora.js';
import { type AdapterSet, promptName, promptOf } from './adapters.js';

const configFile = 'adapter_config.json';
const weightsFile = 'adapter_model.safetensors';

/** What an adapter is made for. */
export interface AdapterBase {
  readonly name: string;
  readonly encoder: Encoder;
  readonly labels: readonly string[];
  readonly weights: Weights;
}

/** The modules of a head as peft names them: the first part of each weight's name. */
const headModules = ({ encoder, labels }: AdapterBase): string[] => [
  ...new Set([...encoder.head.weights(labels.length).keys()].map((name) => name.split('.')[0] as string)),
];

/** What stands before the names of weights in a file: peft wraps LoRA's model once more than a prompt's. */
const wrapping = { lora: 'base_model.model.', prompt: 'base_model.' } as const;

/** Writes both files. The folder appears whole or not at all; one that holds an adapter is replaced. */
export async function writeAdapter(folder: string, base: AdapterBase, adapters: AdapterSet): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  const put = (name: string, { shape, data }: HostTensor) =>
    tensors.set(name, { dtype: 'F32', shape, data: data as Float32Array });
  const before = wrapping[adapters.kind];
  for (const [name, value] of adapters.weights) put(name === promptName ? name : `${before}${name}`, value);
  for (const [name, value] of base.weights) if (base.encoder.head.isHead(name)) put(`${before}${name}`, value);

  const temporary = temporaryPath(folder, 'tmp');
  try {
    await mkdir(temporary, { recursive: true });
    const config = JSON.stringify(configOf(base, adapters), null, 2);
    await writeFileAtomically(join(temporary, configFile), async (file) => void (await file.write(`${config}\n`)));
    await writeSafetensors(join(temporary, weightsFile), tensors);
    await removeAdapter(folder);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function configOf(base: AdapterBase, adapters: AdapterSet): object {
  const common = {
    base_model_name_or_path: base.name,
    task_type: 'SEQ_CLS',
    inference_mode: true,
    modules_to_save: headModules(base),
  };
  if (adapters.kind === 'prompt') {
    const [virtualTokens, size] = promptOf(adapters).shape as [number, number];
    const { num_attention_heads: heads = base.encoder.config.n_heads } = base.encoder.config;
    return {
      peft_type: 'PROMPT_TUNING',
      ...common,
      num_virtual_tokens: virtualTokens,
      token_dim: size,
      num_transformer_submodules: 1,
      num_attention_heads: heads,
      num_layers: base.encoder.layers,
      prompt_tuning_init: 'RANDOM',
    };
  }
  const { rank, alpha, dropout, targets } = adapters;
  return {
    peft_type: 'LORA',
    ...common,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    target_modules: targets,
    bias: 'none',
    fan_in_fan_out: false,
  };
}

/** Removes an adapter that is in the way; throws where the folder holds anything else. */
async function removeAdapter(folder: string): Promise<void> {
  const text = await readText(join(folder, configFile));
  if (text !== undefined) return rm(folder, { recursive: true });
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return;
    throw new Error(`${folder} is there already and holds no adapter; give a folder of its own.`, { cause: error });
  });
}

/** What we would compute wrongly if it were anything else. */
const nothing = z.union([z.null(), z.literal(false), z.object({}).strict(), z.array(z.unknown()).max(0)]).optional();
const loraConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  task_type: z.literal('SEQ_CLS').nullish(),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).lt(1).default(0),
  target_modules: z.union([z.string().transform((name) => [name]), z.array(z.string())]),
  bias: z.literal('none').default('none'),
  use_rslora: z.boolean().default(false),
  use_dora: nothing,
  lora_bias: nothing,
  fan_in_fan_out: nothing,
  rank_pattern: nothing,
  alpha_pattern: nothing,
  layer_replication: nothing,
  trainable_token_indices: nothing,
});
const promptConfig = z.looseObject({
  peft_type: z.literal('PROMPT_TUNING'),
  task_type: z.literal('SEQ_CLS').nullish(),
  num_virtual_tokens: z.int().positive(),
  token_dim: z.int().positive(),
});
const adapterConfig = z.discriminatedUnion('peft_type', [loraConfig, promptConfig]);

/**
 * Reads what peft or `writeAdapter` wrote, for a model it fits.
 * @returns the adapters and the weights of the head, where the folder has them
 * @throws Error naming a file that is missing, a setting we cannot follow, or a weight that does not fit
 */
export async function readAdapter(folder: string, base: AdapterBase): Promise<{ adapters: AdapterSet; head: Weights }> {
  const text = await readText(join(folder, configFile));
  if (text === undefined) throw new Error(`${folder} holds no adapter: there is no ${configFile} in it.`);
  const config = parseConfig(text, folder);
  const { tensors } = await readSafetensors(join(folder, weightsFile));
  const kind = config.peft_type === 'LORA' ? 'lora' : 'prompt';
  const own: Weights = new Map();
  const head: Weights = new Map();
  for (const [stored, { shape, data }] of tensors) {
    const name = stored.startsWith(wrapping[kind]) ? stored.slice(wrapping[kind].length) : stored;
    if (!(data instanceof Float32Array))
      throw new Error(`${folder}: ${stored} is no tensor of floating-point numbers.`);
    const expected = expectedShape(name, kind, base, config);
    if (String(expected) !== String(shape))
      throw new Error(
        `${folder} does not fit ${base.name}: ${stored} has shape [${shape}], but ${expected ? `[${expected}] was expected` : 'there is no place for it'}.`,
      );
    (base.encoder.head.isHead(name) ? head : own).set(name, hostTensor(data, shape));
  }
  const missing = [...base.encoder.head.weights(base.labels.length).keys()].filter(
    (name) => head.size > 0 && !head.has(name),
  );
  if (missing.length > 0) throw new Error(`${folder} has a part of the head only: it lacks ${missing.join(', ')}.`);
  if (config.peft_type === 'PROMPT_TUNING') {
    if (!own.has(promptName)) throw new Error(`${folder} has no ${promptName}.`);
    return { adapters: { kind: 'prompt', weights: own }, head };
  }
  const half = [...own.keys()].find((name) => {
    const other = name.includes('.lora_A.')
      ? name.replace('.lora_A.', '.lora_B.')
      : name.replace('.lora_B.', '.lora_A.');
    return !own.has(other);
  });
  if (half !== undefined || own.size === 0)
    throw new Error(
      `${folder} is no whole adapter: ${half === undefined ? 'it has no matrices' : `${half} is alone`}.`,
    );
  const { r: rank, lora_alpha, lora_dropout: dropout, use_rslora, target_modules: targets } = config;
  // Rank-stabilised LoRA scales by alpha / sqrt(r) (https://arxiv.org/abs/2312.03732).
  const alpha = use_rslora ? lora_alpha * Math.sqrt(rank) : lora_alpha;
  return { adapters: { kind: 'lora', rank, alpha, dropout, targets, weights: own }, head };
}

function expectedShape(
  name: string,
  kind: keyof typeof wrapping,
  { encoder, labels, weights }: AdapterBase,
  config: z.infer<typeof adapterConfig>,
): readonly number[] | undefined {
  const head = encoder.head.weights(labels.length).get(name);
  if (head) return head;
  if (kind === 'prompt') {
    const size = weights.get(encoder.wordEmbeddings)?.shape[1] as number;
    return name === promptName ? [(config as z.infer<typeof promptConfig>).num_virtual_tokens, size] : undefined;
  }
  if (!isLora(name)) return undefined;
  const [layer = name.replace('.lora_B.weight', '')] = loraLayers([name]);
  const shape = weights.get(`${layer}.weight`)?.shape;
  const { r } = config as z.infer<typeof loraConfig>;
  if (shape?.length !== 2) return undefined;
  return name.endsWith('.lora_A.weight') ? [r, shape[1] as number] : [shape[0] as number, r];
}

function parseConfig(text: string, folder: string): z.infer<typeof adapterConfig> {
  const place = join(folder, configFile);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not valid JSON (${(error as Error).message}).`, { cause: error });
  }
  const parsed = adapterConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const type = (json as { peft_type?: unknown } | null)?.peft_type;
  if (type !== 'LORA' && type !== 'PROMPT_TUNING')
    throw new Error(`${place} is of peft_type ${JSON.stringify(type)}; we read LORA and PROMPT_TUNING.`);
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${place} asks for what we do not have: ${problems.join('; ')}.`);
}

const readText = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
