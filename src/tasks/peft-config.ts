// adapter_config.json: what peft says of an adapter beside its weights. A setting that we do not know and that is set is refused by
// name: it would change what the adapter computes.
import { z } from 'zod';
import { parseJson } from '../hub/json-text.js';
import type { Encoder } from '../models/encoder.js';
import { loraLayers } from '../nn/lora.js';
import { type AdapterSet, promptOf } from './adapters.js';

/** Not there, or there and off. */
const nothing = z.union([z.null(), z.literal(false), z.object({}).strict(), z.array(z.unknown()).max(0)]).optional();
const any = z.unknown().optional();

const common = {
  task_type: z.literal('SEQ_CLS').nullish(),
  // What was trained whole is told by the weights; the rest says where an adapter comes from.
  modules_to_save: any,
  base_model_name_or_path: any,
  revision: any,
  inference_mode: any,
  auto_mapping: any,
  peft_version: any,
};

const loraConfig = z
  .object({
    ...common,
    peft_type: z.literal('LORA'),
    r: z.int().positive(),
    lora_alpha: z.number().positive(),
    lora_dropout: z.number().min(0).lt(1).default(0),
    bias: z.literal('none').default('none'),
    use_rslora: z.boolean().default(false),
    // Other ways to start, PiSSA and the like, change the model under the adapter too.
    init_lora_weights: z.union([z.boolean(), z.literal('gaussian')]).optional(),
    // Which layers have matrices is told by the weights.
    target_modules: any,
    exclude_modules: any,
    layers_to_transform: any,
    layers_pattern: any,
    // Of no effect without settings that are refused.
    loftq_config: any,
    megatron_core: any,
    qalora_group_size: any,
  })
  .catchall(nothing);

const promptConfig = z
  .object({
    ...common,
    peft_type: z.literal('PROMPT_TUNING'),
    num_virtual_tokens: z.int().positive(),
    num_transformer_submodules: z.literal(1).nullish(),
    // How the prompt started, and the model's sizes, which the weights tell too.
    prompt_tuning_init: any,
    prompt_tuning_init_text: any,
    tokenizer_name_or_path: any,
    tokenizer_kwargs: any,
    token_dim: any,
    num_attention_heads: any,
    num_layers: any,
  })
  .catchall(nothing);

const adapterConfig = z.discriminatedUnion('peft_type', [loraConfig, promptConfig]);
export type AdapterConfig = z.infer<typeof adapterConfig>;

/**
 * @param text the content of adapter_config.json
 * @param place its path, for errors
 * @throws Error naming each setting we cannot follow, with its value
 */
export function parseAdapterConfig(text: string, place: string): AdapterConfig {
  const json = parseJson(text, place);
  const parsed = adapterConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const settings = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const type = settings.peft_type;
  if (type !== 'LORA' && type !== 'PROMPT_TUNING')
    throw new Error(`${place} is of peft_type ${JSON.stringify(type)}; we read LORA and PROMPT_TUNING.`);
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const problems = names.map((name) => `${name} is ${JSON.stringify(settings[name])?.slice(0, 80)}`);
  throw new Error(`${place} asks for what we do not have: ${problems.join(', ')}.`);
}

export interface ConfigBase {
  /** Id or folder of the model the adapter is for. */
  readonly name: string;
  readonly encoder: Encoder;
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[] }>;
}

/** The config of adapters. @param modules names of the modules that were trained whole */
export function adapterConfigOf(base: ConfigBase, adapters: AdapterSet, modules: readonly string[]): object {
  const shared = {
    base_model_name_or_path: base.name,
    task_type: 'SEQ_CLS',
    inference_mode: true,
    modules_to_save: modules,
  };
  if (adapters.kind === 'prompt') {
    const [virtualTokens, size] = promptOf(adapters).shape as [number, number];
    // DistilBERT calls it n_heads; peft uses it for prefix tuning only, but asks for it.
    const { num_attention_heads: heads = base.encoder.config.n_heads } = base.encoder.config;
    return {
      peft_type: 'PROMPT_TUNING',
      ...shared,
      num_virtual_tokens: virtualTokens,
      token_dim: size,
      num_transformer_submodules: 1,
      num_attention_heads: heads,
      num_layers: base.encoder.layers,
      prompt_tuning_init: 'RANDOM',
    };
  }
  const { rank, alpha, dropout } = adapters;
  return {
    peft_type: 'LORA',
    ...shared,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    target_modules: targetsOf(base, adapters),
    bias: 'none',
    fan_in_fan_out: false,
  };
}

/** Last parts of names where they tell exactly the layers that have matrices; otherwise the whole names. */
function targetsOf({ encoder, weights }: ConfigBase, { targets, weights: matrices }: AdapterSet & { kind: 'lora' }) {
  const corrected = loraLayers(matrices.keys());
  const meant = [...weights].flatMap(([name, { shape }]) => {
    const layer = name.replace(/\.weight$/, '');
    const fits = layer !== name && shape.length === 2 && !encoder.head.isHead(name);
    return fits && targets.some((target) => layer.endsWith(`.${target}`)) ? [layer] : [];
  });
  return String(meant.toSorted()) === String(corrected.toSorted()) ? targets : corrected;
}
