/**
 * From text to token ids, by the checkpoint's own tokenizer.json: the ids are those of Python's tokenizers.
 *
 *     const tokenizer = loadTokenizer(tokenizerJson, tokenizerConfig);
 *     tokenizer.encode('one two three four', 4);   // { ids: [101, 2028, 2048, 102], dropped: 2 }
 *     tokenizer.tokens('Unbelievably good');       // ['[CLS]', 'un', '##bel', '##ie', '##va', '##bly', 'good', '[SEP]']
 */
import { addedTokens } from './tokenizer-added.js';
import { checkTokenizerJson, type PostProcessorJson, type TokenizerJson, tokenizerError } from './tokenizer-json.js';
import { model, normalizer, preTokenizer } from './tokenizer-parts.js';

/** A tokenizer's own files, to be saved beside a model's weights. */
export interface TokenizerFiles {
  /** The content of tokenizer.json. */
  readonly tokenizerJson: object;
  /** The content of tokenizer_config.json. */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
}

/** Turns a text into token ids, special tokens included, and says how many tokens did not fit. */
export interface TextTokenizer {
  /**
   * At most `maxLength` ids: what is too long loses its end, the special tokens at both ends stay.
   * Lone surrogates, which Python refuses, are read as U+FFFD.
   * @throws RangeError where `maxLength` has no room for the special tokens
   */
  encode(text: string, maxLength: number): { readonly ids: readonly number[]; readonly dropped: number };
  /** The tokens of a text as the vocabulary spells them, special tokens included. */
  tokens(text: string): readonly string[];
  /** The id rows are filled up with on their right. */
  readonly padId: number;
  /** One more than the largest id there is: no model with fewer word embeddings fits. Undefined where not known. */
  readonly vocabularySize?: number;
}

/**
 * @param tokenizerJson the content of tokenizer.json
 * @param tokenizerConfig the content of tokenizer_config.json, {} without one; `pad_token` and `truncation_side` are read
 * @param specialTokensMap the content of special_tokens_map.json, if there is one; `pad_token` is read
 * @throws Error naming what is wrong with the file, or that there is no padding token
 */
export function loadTokenizer(
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
  specialTokensMap: Readonly<Record<string, unknown>> = {},
): TextTokenizer {
  const json = checkTokenizerJson(tokenizerJson);
  const textIds = textEncoder(json);
  const { before, after } = specialTokens(json.post_processor ?? null);
  const spelling = spellings(json);
  const special = before.length + after.length;
  const keepsEnd = tokenizerConfig.truncation_side === 'left';
  return {
    padId: padId(spelling, json, tokenizerConfig, specialTokensMap),
    vocabularySize: [...spelling.keys()].reduce((most, id) => Math.max(most, id), -1) + 1,
    tokens: (text) => [...before, ...textIds(text), ...after].map((id) => spelling.get(id) ?? ''),
    encode(text, maxLength) {
      if (!(Number.isInteger(maxLength) && maxLength >= special)) {
        throw new RangeError(
          `maxLength must be a whole number of at least ${special}, for the special tokens; it is ${maxLength}.`,
        );
      }
      const ids = textIds(text);
      const dropped = Math.max(0, ids.length + special - maxLength);
      const kept = dropped === 0 ? ids : keepsEnd ? ids.slice(dropped) : ids.slice(0, ids.length - dropped);
      return { ids: [...before, ...kept, ...after], dropped };
    },
  };
}

/** From a text to its ids, without special tokens around it. */
function textEncoder(json: TokenizerJson): (text: string) => number[] {
  try {
    const normalize = normalizer(json.normalizer ?? null);
    const split = preTokenizer(json.pre_tokenizer ?? null);
    const ids = model(json.model);
    const parts = addedTokens(json.added_tokens ?? [], normalize);
    return (text) => {
      const found: number[] = [];
      for (const part of parts(text.replace(loneSurrogates, '\ufffd'))) {
        if (typeof part.is === 'number') found.push(part.is);
        else for (const id of ids(split(part.is, part.first))) found.push(id);
      }
      return found;
    };
  } catch (error) {
    throw tokenizerError((error as Error).message, error);
  }
}

const loneSurrogates = /\p{Surrogate}/gu;

/** What a post-processor puts before and after a single text. */
function specialTokens(json: PostProcessorJson | null): { before: number[]; after: number[] } {
  if (json === null) return { before: [], after: [] };
  switch (json.type) {
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'Sequence':
      return json.processors
        .map(specialTokens)
        .reduce(
          (inner, outer) => ({ before: [...outer.before, ...inner.before], after: [...inner.after, ...outer.after] }),
          { before: [], after: [] },
        );
    case 'TemplateProcessing': {
      const text = json.single.findIndex((item) => 'Sequence' in item);
      if (text < 0 || json.single.some((item, i) => 'Sequence' in item && i !== text)) {
        throw tokenizerError('post_processor.single must hold the text, Sequence A, once');
      }
      const idsOf = (item: (typeof json.single)[number]) => {
        const name = 'SpecialToken' in item ? item.SpecialToken.id : '';
        const token = Object.hasOwn(json.special_tokens, name) ? json.special_tokens[name] : undefined;
        if (!token) throw tokenizerError(`post_processor.special_tokens lacks ${JSON.stringify(name)}`);
        return token.ids;
      };
      return { before: json.single.slice(0, text).flatMap(idsOf), after: json.single.slice(text + 1).flatMap(idsOf) };
    }
    default:
      return { before: [json.cls[1]], after: [json.sep[1]] };
  }
}

/** How each id is spelled; added tokens hide those of the vocabulary. */
function spellings({ model, added_tokens }: TokenizerJson): Map<number, string> {
  const spelled =
    model.type === 'Unigram'
      ? model.vocab.map(([token], id) => [id, token] as const)
      : Object.entries(model.vocab).map(([token, id]) => [id, token] as const);
  return new Map([...spelled, ...(added_tokens ?? []).map(({ id, content }) => [id, content] as const)]);
}

/** The first that says so: tokenizer_config.json, special_tokens_map.json, tokenizer.json's padding, a token so named. */
function padId(
  spelling: ReadonlyMap<number, string>,
  json: TokenizerJson,
  ...configs: readonly Readonly<Record<string, unknown>>[]
): number {
  const idOf = new Map([...spelling].map(([id, token]) => [token, id]));
  const said = [...configs.map(({ pad_token }) => contentOf(pad_token)), json.padding?.pad_token].find(
    (token) => token !== undefined,
  );
  const padToken = said ?? ['[PAD]', '<pad>'].find((token) => idOf.has(token));
  if (padToken === undefined) {
    throw tokenizerError('it has no padding token; name one as "pad_token" in tokenizer_config.json');
  }
  const id = idOf.get(padToken);
  if (id === undefined) throw tokenizerError(`the padding token ${JSON.stringify(padToken)} is not one of its tokens`);
  return id;
}

/** A token is written as its text or as { content: text }. */
export function contentOf(token: unknown): string | undefined {
  const content = typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
  return typeof content === 'string' ? content : undefined;
}
