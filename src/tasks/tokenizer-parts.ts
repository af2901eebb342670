/**
 * The parts of a tokenizer.json as functions: normaliser, pre-tokeniser and model, taken from @huggingface/tokenizers 0.2
 * where it agrees with Python's tokenizers (0.23), put right where it does not. Each mend says what differs.
 *
 *     const words = preTokenizer({ type: 'BertPreTokenizer' });
 *     words("isn't it", true);   // ['isn', "'", 't', 'it']
 *
 * Python looks at characters one by one and knows an older Unicode; JavaScript's \s counts U+FEFF and not U+0085.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { charsmap } from './tokenizer-charsmap.js';
import type { ModelJson, NormalizerJson, PatternJson, PreTokenizerJson } from './tokenizer-json.js';
import {
  newerAccents,
  newerFormats,
  newerLetters,
  newerPunctuation,
  normalForm,
  olderAccents,
  olderPunctuation,
} from './tokenizer-unicode.js';
import { unigram } from './tokenizer-unigram.js';

export type Normalizer = (text: string) => string;
/** `first`: whether the text is the very beginning of the input. */
export type PreTokenizer = (text: string, first: boolean) => readonly string[];
/** From words to ids of the vocabulary. */
export type Model = (words: readonly string[]) => readonly number[];

// Normalisers.

export function normalizer(json: NormalizerJson | null): Normalizer {
  if (json === null) return (text) => text;
  switch (json.type) {
    case 'BertNormalizer':
      return bertNormalizer(json);
    case 'Precompiled':
      return json.precompiled_charsmap ? charsmap(json.precompiled_charsmap) : (text) => text;
    case 'Sequence': {
      const parts = json.normalizers.map(normalizer);
      return (text) => parts.reduce((current, part) => part(current), text);
    }
    case 'Replace': {
      const pattern = compiled(json.pattern);
      return (text) => text.replace(pattern, () => json.content); // a function: '$&' in it means itself
    }
    case 'Prepend':
      return (text) => (text === '' ? text : json.prepend + text);
    case 'Strip':
      return (text) => {
        const start = json.strip_left ? text.replace(/^\p{White_Space}+/u, '') : text;
        return json.strip_right ? start.replace(/\p{White_Space}+$/u, '') : start;
      };
    case 'Lowercase':
      return lowercase;
    default:
      return (text) => normalForm(text, json.type);
  }
}

/**
 * The library takes out control characters, spaces Chinese ones and strips accents too, but UTF-16 unit by unit (missing
 * Chinese characters of the higher planes), by today's Unicode, and lowercases before it strips.
 */
function bertNormalizer(json: Extract<NormalizerJson, { type: 'BertNormalizer' }>): Normalizer {
  const strips = json.strip_accents ?? json.lowercase;
  return (given) => {
    let text = given;
    if (json.clean_text) text = text.replace(removed, '').replace(/\p{White_Space}/gu, ' ');
    if (json.handle_chinese_chars) text = text.replace(chinese, ' $& ');
    if (strips) text = normalForm(text, 'NFD').replace(accents, '');
    return json.lowercase ? lowercase(text) : text;
  };
}

/** In JavaScript the lower case of 'Σ' depends on its neighbours; in Python's tokenizers it is 'σ' always. */
function lowercase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/** Control, format and private-use characters. */
const removed = new RegExp(`[\\0\\ufffd]|(?![\\t\\n\\r${newerFormats}])[\\p{Cc}\\p{Cf}\\p{Co}]`, 'gu');
/** BERT's own list of Chinese characters. */
const chinese =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const accents = new RegExp(`(?![${newerAccents}])\\p{Mn}|[${olderAccents}]`, 'gu');

// Pre-tokenisers.

export function preTokenizer(json: PreTokenizerJson | null): PreTokenizer {
  if (json === null) return (text) => [text];
  switch (json.type) {
    case 'Sequence': {
      const parts = json.pretokenizers.map(preTokenizer);
      return (text, first) =>
        parts.reduce<readonly string[]>(
          (words, part) => words.flatMap((word, i) => part(word, first && i === 0 && text.startsWith(word))),
          [text],
        );
    }
    case 'BertPreTokenizer':
      return (text) => text.match(bertWords) ?? [];
    case 'WhitespaceSplit':
      return (text) => text.match(/\P{White_Space}+/gu) ?? [];
    case 'ByteLevel': {
      const part = library({ pre_tokenizer: json }).pre_tokenizer;
      part.pattern = byteLevelWords;
      return (text) => part.pre_tokenize_text(text);
    }
    case 'Metaspace': {
      const { replacement, split } = json;
      const scheme = json.prepend_scheme ?? (json.add_prefix_space === false ? 'never' : 'always');
      // The library never splits before its sign.
      const words = new RegExp(`${literal(replacement)}?[^${literal(replacement)}]+|${literal(replacement)}`, 'gu');
      return (text, first) => {
        const marked = text.replaceAll(' ', replacement);
        const prepends = (scheme === 'always' || (scheme === 'first' && first)) && !marked.startsWith(replacement);
        const whole = prepends ? replacement + marked : marked;
        return split ? (whole.match(words) ?? []) : [whole];
      };
    }
    default: {
      const part = library({ pre_tokenizer: json }).pre_tokenizer;
      return (text) => part.pre_tokenize_text(text);
    }
  }
}

const sign = `[[\\p{P}--[${newerPunctuation}]]${olderPunctuation}\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]`;
/** Words between white space and punctuation, and each sign of punctuation. */
const bertWords = new RegExp(`[^\\p{White_Space}${sign}]+|${sign}`, 'gv');

const [letter, digit] = ['L', 'N'].map((category) => `[\\p{${category}}--[${newerLetters}]]`);
/** GPT-2's pattern. */
const byteLevelWords = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?${letter}+| ?${digit}+| ?[^\\p{White_Space}${letter}${digit}]+` +
    '|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+',
  'gv',
);

function compiled(pattern: PatternJson): RegExp {
  if ('String' in pattern) return new RegExp(literal(pattern.String), 'gu');
  return library({ pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false } }).pre_tokenizer
    .pattern;
}

// Models.

export function model(json: ModelJson): Model {
  if (json.type === 'Unigram') {
    const encode = unigram(json);
    return (words) => words.flatMap(encode);
  }
  const part = library({ model: json }).model;
  const { vocab } = json;
  return (words) => part._call(words).map((token) => vocab[token] as number);
}

/** What we use of the library's parts; its own types do not resolve from ES modules. */
interface LibraryParts {
  readonly pre_tokenizer: { pattern: RegExp; pre_tokenize_text(text: string): string[] };
  readonly model: { _call(words: readonly string[]): string[] };
}

/** The library makes parts for a whole tokenizer only: what is not given is empty. */
function library(parts: { readonly pre_tokenizer?: PreTokenizerJson; readonly model?: ModelJson }): LibraryParts {
  const none = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };
  const model = { type: 'WordPiece', vocab: {}, unk_token: '' };
  return new Tokenizer({ ...none, model, ...parts }, {}) as unknown as LibraryParts;
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
