// A vocabulary cut to what a data set uses. In a small model the word table is half of all weights, and most of its rows stand for
// words that never come: without them the model is smaller and just as good at its task.
import { type HostTensor, hostTensor } from '../engine/index.js';
import { encoderOf } from '../models/architectures.js';
import type { Encoder } from '../models/encoder.js';
import type { TextTokenizer, TokenizerFiles } from './tokenizer.js';

export interface Vocabulary {
  readonly encoder: Encoder;
  /** The word embeddings, [vocabulary, size]. */
  readonly table: HostTensor;
  readonly tokenizerFiles: TokenizerFiles;
}

interface WordPieceJson {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
  readonly post_processor?: unknown;
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>>;
    readonly continuing_subword_prefix?: string;
  };
}

/**
 * Keeps the tokens of the given texts, the special tokens, and every single character, so that a word that is new falls into
 * pieces that are known. The given texts are tokenised as before.
 * @throws RangeError where the tokenizer is no WordPiece
 */
export function pruneVocabulary(whole: Vocabulary, tokenizer: TextTokenizer, texts: readonly string[]): Vocabulary {
  const json = whole.tokenizerFiles.tokenizerJson as WordPieceJson;
  if (json.model.type !== 'WordPiece')
    throw new RangeError(
      `Only a WordPiece vocabulary can be pruned, as BERT, DistilBERT and MobileBERT have; this tokenizer is a ${json.model.type}.`,
    );
  const prefix = json.model.continuing_subword_prefix ?? '##';
  const used = new Set(texts.flatMap((text) => tokenizer.tokens(text)));
  const added = new Map(json.added_tokens?.map(({ content, id }) => [content, id]));
  const isCharacter = (token: string) =>
    [...(token.startsWith(prefix) ? token.slice(prefix.length) : token)].length === 1;
  const all = [...new Map([...Object.entries(json.model.vocab), ...added])].sort(([, a], [, b]) => a - b);
  const kept = all.filter(([token]) => used.has(token) || added.has(token) || isCharacter(token));
  const newId = new Map(kept.map(([, id], i) => [id, i]));

  const size = whole.table.shape[1] as number;
  const data = new Float32Array(kept.length * size);
  kept.forEach(([, id], i) => {
    data.set(whole.table.data.subarray(id * size, (id + 1) * size) as Float32Array, i * size);
  });
  const tokens = kept.map(([token], i) => [token, i] as const);
  const { tokenizerConfig } = whole.tokenizerFiles;
  return {
    encoder: encoderOf({ ...withIds(whole.encoder.config, newId), vocab_size: kept.length }, 'The pruned model'),
    table: hostTensor(data, [kept.length, size]),
    tokenizerFiles: {
      tokenizerJson: {
        ...json,
        added_tokens: json.added_tokens?.map((one) => ({ ...one, id: newId.get(one.id) })),
        post_processor: withNewIds(json.post_processor, newId),
        model: {
          ...json.model,
          vocab: Object.fromEntries(tokens.filter(([token]) => Object.hasOwn(json.model.vocab, token))),
        },
      },
      tokenizerConfig: tokenizerConfig.added_tokens_decoder
        ? {
            ...tokenizerConfig,
            added_tokens_decoder: Object.fromEntries(
              Object.entries(tokenizerConfig.added_tokens_decoder).map(([id, one]) => [newId.get(Number(id)), one]),
            ),
          }
        : tokenizerConfig,
    },
  };
}

/** config.json with pad_token_id and its like under their new numbers. */
const withIds = (config: Readonly<Record<string, unknown>>, newId: ReadonlyMap<number, number>) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      /_token_id$/.test(key) && typeof value === 'number' ? (newId.get(value) ?? value) : value,
    ]),
  );

/** A post-processor names special tokens with their ids: TemplateProcessing in `ids`, BertProcessing as [token, id]. */
function withNewIds(processor: unknown, newId: ReadonlyMap<number, number>): unknown {
  if (processor === null || typeof processor !== 'object') return processor;
  const { special_tokens, cls, sep, processors, ...rest } = processor as Record<string, unknown>;
  const renumbered = (pair: unknown) => {
    const [token, id] = pair as [string, number];
    return [token, newId.get(id)];
  };
  return {
    ...rest,
    ...(cls ? { cls: renumbered(cls), sep: renumbered(sep) } : {}),
    ...(processors ? { processors: (processors as unknown[]).map((one) => withNewIds(one, newId)) } : {}),
    ...(special_tokens
      ? {
          special_tokens: Object.fromEntries(
            Object.entries(special_tokens as Record<string, { ids: number[] }>).map(([name, token]) => [
              name,
              { ...token, ids: token.ids.map((id) => newId.get(id)) },
            ]),
          ),
        }
      : {}),
  };
}
