/**
 * `tokenizer.json` for checkpoints of the BERT family that have `vocab.txt` alone, a token a line, its line its number.
 * What comes out equals what Python's transformers 5 makes of the same files:
 *
 *     const tokenizerJson = tokenizerFromVocabulary(text, { model_type: 'bert' }, { do_lower_case: false }, 'vocab.txt');
 *
 * Source: transformers/models/bert/tokenization_bert.py.
 */
import { shown } from './shown.js';

/** Models whose `vocab.txt` is one of WordPiece. */
const MODELS = ['bert', 'distilbert', 'mobilebert'];
const TOKENIZERS = /^(Bert|DistilBert|MobileBert)Tokenizer(Fast)?$/;

const SPECIAL_TOKENS = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

/** Settings we would have to act on, and do not; each is fine where it is missing, or this. */
const NOT_SUPPORTED: Readonly<Record<string, unknown>> = { do_basic_tokenize: true };

/**
 * @param text of `vocab.txt`
 * @param settings `tokenizer_config.json`, over `special_tokens_map.json`
 * @param file path of `vocab.txt`, for errors
 * @throws Error if it is no vocabulary of BERT's kind, a special token is not in it, or a setting is not understood
 */
export function tokenizerFromVocabulary(
  text: string,
  config: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
  file: string,
): object {
  const fail = (problem: string): never => {
    throw new Error(
      `${file} has no tokenizer.json beside it, and ${problem}; in Python, AutoTokenizer.from_pretrained(folder).save_pretrained(folder) makes one.`,
    );
  };
  const kind = settings.tokenizer_class ?? null;
  if (!MODELS.includes(String(config.model_type)))
    fail(`its model_type ${shown(config.model_type)} is none of BERT's kind`);
  if (kind !== null && !TOKENIZERS.test(String(kind)))
    fail(`its tokenizer_class ${shown(kind)} is none of BERT's kind`);
  for (const [name, harmless] of Object.entries(NOT_SUPPORTED)) {
    const value = settings[name] ?? harmless;
    if (value !== harmless) fail(`the setting ${name} ${shown(value)} is not understood`);
  }
  const vocab = parse(text);
  if (vocab.size === 0) fail('it is empty');
  const truth = <T>(name: string, fallback: T): boolean | T => {
    const value = settings[name] ?? fallback;
    return value === fallback || typeof value === 'boolean'
      ? (value as boolean | T)
      : fail(`the setting ${name} ${shown(value)} is neither true nor false`);
  };
  const special = (role: keyof typeof SPECIAL_TOKENS): { id: string; number: number } => {
    const setting = settings[role] ?? SPECIAL_TOKENS[role];
    const id = typeof setting === 'object' ? (setting as { content?: unknown }).content : setting;
    const number = typeof id === 'string' ? vocab.get(id) : undefined;
    return number === undefined ? fail(`the ${role} ${shown(id)} is not in it`) : { id: id as string, number };
  };
  const [cls, sep] = [special('cls_token'), special('sep_token')];
  const roles = Object.keys(SPECIAL_TOKENS) as (keyof typeof SPECIAL_TOKENS)[];
  const known = new Map(roles.map(special).map(({ id, number }) => [id, number]));
  for (const id of otherTokens(settings)) if (!known.has(id as string)) fail(`it adds the token ${shown(id)}`);

  const at = (id: string, type: number): object => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number): object => ({ Sequence: { id, type_id: type } });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const single = [at(cls.id, 0), sequence('A', 0), at(sep.id, 0)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...known].sort(([, a], [, b]) => a - b).map(([content, id]) => ({ id, content, ...flags })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: truth('tokenize_chinese_chars', true),
      strip_accents: truth('strip_accents', null),
      lowercase: truth('do_lower_case', true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), at(sep.id, 1)],
      special_tokens: Object.fromEntries([cls, sep].map(({ id, number }) => [id, { id, ids: [number], tokens: [id] }])),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: special('unk_token').id,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab),
    },
  };
}

/** A token said twice has the number of its last line, and a line may end in any of three ways, as in Python. */
function parse(text: string): Map<string, number> {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return new Map(lines.map((token, number) => [token, number]));
}

/** Further tokens that settings add to the vocabulary's. */
function otherTokens({
  additional_special_tokens: special,
  added_tokens_decoder: added,
}: Record<string, unknown>): unknown[] {
  const listed = [...(Array.isArray(special) ? special : []), ...Object.values(added ?? {})];
  return listed.map((token) => (typeof token === 'object' ? (token as { content?: unknown } | null)?.content : token));
}
