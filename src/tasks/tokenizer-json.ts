/**
 * What we rely on in a tokenizer.json, and an error that names what is wrong with one: a part that is missing, of the
 * wrong type, or of a kind whose ids we have not proved equal to Python's.
 *
 *     checkTokenizerJson({ model: { type: 'WordPiece', vocab: ['a'], unk_token: 'a' } });
 *     // Error: tokenizer.json cannot be used: model.vocab: must be an object from tokens to ids, ...
 */
import { z } from 'zod';

const flag = (value: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((given) => given ?? value);
/** Ids are kept as int32. */
const LARGEST_ID = 2 ** 31 - 1;
const id = z.int().nonnegative().max(LARGEST_ID);

const pattern = z.union([z.strictObject({ String: z.string().min(1) }), z.strictObject({ Regex: z.string().min(1) })]);
export type PatternJson = z.infer<typeof pattern>;

const normalizer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BertNormalizer'),
    clean_text: flag(true),
    handle_chinese_chars: flag(true),
    strip_accents: z.boolean().nullish(),
    lowercase: flag(true),
  }),
  z.object({ type: z.literal('Precompiled'), precompiled_charsmap: z.string().nullish() }),
  z.object({ type: z.literal('Replace'), pattern, content: z.string() }),
  z.object({ type: z.literal('Prepend'), prepend: z.string() }),
  z.object({ type: z.literal('Strip'), strip_left: flag(true), strip_right: flag(true) }),
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  z.object({ type: z.literal('Lowercase') }),
  z.object({
    type: z.literal('Sequence'),
    get normalizers() {
      return z.array(normalizer);
    },
  }),
]);
export type NormalizerJson = z.infer<typeof normalizer>;

const preTokenizer = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['BertPreTokenizer', 'WhitespaceSplit']) }),
  z.object({ type: z.literal('ByteLevel'), add_prefix_space: flag(true), use_regex: flag(true) }),
  z.object({
    type: z.literal('Metaspace'),
    replacement: z.string().length(1).default('▁'),
    prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
    /** Of files older than `prepend_scheme`. */
    add_prefix_space: z.boolean().optional(),
    split: flag(true),
  }),
  // Of Split's kinds the one the library does as Python does.
  z.object({
    type: z.literal('Split'),
    pattern,
    behavior: z.literal('Isolated'),
    invert: z.literal(false).default(false),
  }),
  z.object({
    type: z.literal('Sequence'),
    get pretokenizers() {
      return z.array(preTokenizer);
    },
  }),
]);
export type PreTokenizerJson = z.infer<typeof preTokenizer>;

const end = z.tuple([z.string(), id]);
const postProcessor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TemplateProcessing'),
    single: z.array(
      z.union([
        z.object({ SpecialToken: z.object({ id: z.string() }) }),
        z.object({ Sequence: z.object({ id: z.literal('A') }) }),
      ]),
    ),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(id) })),
  }),
  z.object({ type: z.enum(['RobertaProcessing', 'BertProcessing']), cls: end, sep: end }),
  z.object({ type: z.literal('ByteLevel') }),
  z.object({
    type: z.literal('Sequence'),
    get processors() {
      return z.array(postProcessor);
    },
  }),
]);
export type PostProcessorJson = z.infer<typeof postProcessor>;

const addedToken = z.object({
  id,
  content: z.string(),
  single_word: flag(false),
  lstrip: flag(false),
  rstrip: flag(false),
  normalized: z.boolean().nullish(),
  special: flag(false),
});
export type AddedTokenJson = z.infer<typeof addedToken>;

const absent = z.null().optional().or(z.literal('').optional());
const vocabulary = z.custom<Readonly<Record<string, number>>>(isVocabulary, {
  error: 'must be an object from tokens to ids, whole numbers from 0, each of one token only',
});
const model = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('WordPiece'),
    vocab: vocabulary,
    unk_token: z.string(),
    continuing_subword_prefix: z.string().default('##'),
    max_input_chars_per_word: z.int().positive().default(100),
  }),
  z.object({
    type: z.literal('BPE'),
    vocab: vocabulary,
    merges: z.array(z.string().or(z.tuple([z.string(), z.string()]))),
    unk_token: z.string().nullish(),
    continuing_subword_prefix: absent,
    end_of_word_suffix: absent,
    fuse_unk: flag(false),
    byte_fallback: flag(false),
    ignore_merges: flag(false),
  }),
  z.object({
    type: z.literal('Unigram'),
    vocab: z.custom<readonly (readonly [string, number])[]>(isScored, { error: 'must be a list of [token, score]' }),
    unk_id: id,
    byte_fallback: z.literal(false).nullish(),
  }),
]);
export type ModelJson = z.infer<typeof model>;

const tokenizerJson = z.object({
  normalizer: normalizer.nullish(),
  pre_tokenizer: preTokenizer.nullish(),
  model: z.preprocess(withType, model),
  post_processor: postProcessor.nullish(),
  added_tokens: z.array(addedToken).nullish(),
  padding: z.object({ pad_token: z.string() }).nullish(),
});
export type TokenizerJson = z.infer<typeof tokenizerJson>;

/** @throws Error naming the first thing in the file that we cannot use */
export function checkTokenizerJson(json: object): TokenizerJson {
  const { data, error } = tokenizerJson.safeParse(json);
  const issue = error?.issues[0];
  if (issue !== undefined) throw tokenizerError(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
  const checked = data as TokenizerJson;
  const { model } = checked;
  if (model.type === 'WordPiece') mustHave(model.vocab, model.unk_token, 'model.unk_token');
  if (model.type === 'BPE') {
    if (typeof model.unk_token === 'string') mustHave(model.vocab, model.unk_token, 'model.unk_token');
    checkMerges(model);
  }
  if (model.type === 'Unigram' && model.unk_id >= model.vocab.length) {
    throw tokenizerError(`model.unk_id is ${model.unk_id}, but model.vocab ends at ${model.vocab.length - 1}`);
  }
  return checked;
}

export const tokenizerError = (problem: string, cause?: unknown) =>
  new Error(`tokenizer.json cannot be used: ${problem}. Fetch or copy it again; in Python, AutoTokenizer writes it.`, {
    cause,
  });

/** Files of before 2021 do not name the model's type. */
function withType(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || 'type' in json || !('vocab' in json)) return json;
  return { type: 'merges' in json ? 'BPE' : Array.isArray(json.vocab) ? 'Unigram' : 'WordPiece', ...json };
}

function mustHave(vocab: Readonly<Record<string, number>>, token: string, what: string): void {
  if (!Object.hasOwn(vocab, token))
    throw tokenizerError(`${what} is ${JSON.stringify(token)}, which model.vocab lacks`);
}

/** The library would leave a merge's token out of the text without a word. */
function checkMerges({ vocab, merges }: Extract<ModelJson, { type: 'BPE' }>): void {
  merges.forEach((merge, i) => {
    const [left, right, more] = typeof merge === 'string' ? merge.split(' ') : merge;
    if (!left || !right || more !== undefined) throw tokenizerError(`model.merges.${i} must be two tokens`);
    for (const token of [left, right, left + right]) mustHave(vocab, token, `a token of model.merges.${i}`);
  });
}

function isVocabulary(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const ids = Object.values(json);
  // Not by zod, which takes ten times as long for 100,000 of them.
  const isId = (one: unknown) => Number.isInteger(one) && (one as number) >= 0 && (one as number) <= LARGEST_ID;
  return ids.every(isId) && new Set(ids).size === ids.length;
}

function isScored(json: unknown): boolean {
  return (
    Array.isArray(json) &&
    json.every((one) => Array.isArray(one) && typeof one[0] === 'string' && Number.isFinite(one[1]) && one.length === 2)
  );
}
