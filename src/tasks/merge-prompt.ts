// A trained prompt made part of a model: its vectors become words of the vocabulary that the tokenizer puts before every text.
// So the model predicts the same without anybody knowing of prompts: in Python, in an exported graph, in the browser.
import { type HostTensor, hostTensor } from '../engine/index.js';
import type { Vocabulary } from './prune-vocabulary.js';

interface SpecialToken {
  readonly id: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

/** Tokenizers' TemplateProcessing: what stands around a text, and around a pair of them. */
interface Template {
  readonly type: 'TemplateProcessing';
  readonly single: readonly object[];
  readonly pair: readonly object[];
  readonly special_tokens: Readonly<Record<string, SpecialToken>>;
}

/**
 * Adds the prompt's vectors [virtual tokens, size] to the word table and their names to the tokenizer.
 * @throws RangeError where the tokenizer puts nothing around texts that we could extend
 */
export function mergePrompt({ encoder, table, tokenizerFiles }: Vocabulary, prompt: HostTensor): Vocabulary {
  const [rows, size] = table.shape as [number, number];
  const count = prompt.shape[0] as number;
  const data = new Float32Array((rows + count) * size);
  data.set(table.data as Float32Array);
  data.set(prompt.data as Float32Array, rows * size);

  const json = tokenizerFiles.tokenizerJson as { added_tokens?: { content: string }[]; post_processor?: unknown };
  const taken = new Set(json.added_tokens?.map(({ content }) => content));
  // A model may have been given a prompt before.
  const first = [...taken].filter((name) => /^\[PROMPT_\d+\]$/.test(name)).length;
  const tokens = Array.from({ length: count }, (_, i) => ({ name: `[PROMPT_${first + i}]`, id: rows + i }));
  const added = tokens.map(({ name, id }) => ({
    ...{ id, content: name, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  }));
  return {
    encoder: encoder.withVocabulary(rows + count),
    table: hostTensor(data, [rows + count, size]),
    tokenizerFiles: {
      tokenizerJson: {
        ...json,
        added_tokens: [...(json.added_tokens ?? []), ...added],
        post_processor: withTokensBefore(json.post_processor, tokens),
      },
      tokenizerConfig: {
        // transformers reads token types from the inputs its class names.
        ...(encoder.readsTokenTypes ? { model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'] } : {}),
        ...tokenizerFiles.tokenizerConfig,
        // Classes such as BertTokenizer put around a text what they know from BERT; this one follows tokenizer.json.
        tokenizer_class: 'PreTrainedTokenizerFast',
      },
    },
  };
}

type Named = readonly { readonly name: string; readonly id: number }[];

/** The same post-processor with these tokens before the first of a text. */
function withTokensBefore(processor: unknown, tokens: Named): object {
  const template = templateOf(processor);
  const before = tokens.map(({ name }) => ({ SpecialToken: { id: name, type_id: 0 } }));
  const known = tokens.map(({ name, id }) => [name, { id: name, ids: [id], tokens: [name] }] as const);
  return {
    ...template,
    single: [...before, ...template.single],
    pair: [...before, ...template.pair],
    special_tokens: { ...template.special_tokens, ...Object.fromEntries(known) },
  };
}

/** BERT's and RoBERTa's own post-processors say the same as a template. */
function templateOf(processor: unknown): Template {
  const { type, ...fields } = (processor ?? {}) as { type?: string } & Record<string, unknown>;
  if (type === 'TemplateProcessing') return processor as Template;
  if (type === 'Sequence') {
    const inner = (fields.processors as { type: string }[]).find(({ type: kind }) => kind !== 'ByteLevel');
    return templateOf(inner);
  }
  if (type !== 'BertProcessing' && type !== 'RobertaProcessing')
    throw new RangeError(
      `The tokenizer's post_processor is ${type ?? 'none'}; a prompt can be merged where it is TemplateProcessing, BertProcessing or RobertaProcessing. Keep the prompt apart: saveAdapter(folder).`,
    );
  const [cls, sep] = [fields.cls, fields.sep] as [[string, number], [string, number]];
  const special = ([id]: [string, number], type_id = 0) => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id = 0) => ({ Sequence: { id, type_id } });
  const second = type === 'BertProcessing' ? 1 : 0;
  const between = type === 'BertProcessing' ? [special(sep)] : [special(sep), special(sep)];
  return {
    type: 'TemplateProcessing',
    single: [special(cls), text('A'), special(sep)],
    pair: [special(cls), text('A'), ...between, text('B', second), special(sep, second)],
    special_tokens: Object.fromEntries([cls, sep].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }])),
  };
}
