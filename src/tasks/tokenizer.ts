// From text to token ids, by the checkpoint's own tokenizer.json.
import { Tokenizer } from '@huggingface/tokenizers';

/** Turns a text into token ids, special tokens included, and says how many tokens did not fit. */
export interface TextTokenizer {
  encode(text: string, maxLength: number): { readonly ids: readonly number[]; readonly dropped: number };
  /** The tokens of a text as the vocabulary spells them, special tokens included. */
  tokens(text: string): readonly string[];
  readonly padId: number;
}

export function loadTokenizer(
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): TextTokenizer {
  const tokenizer = new Tokenizer(tokenizerJson, tokenizerConfig);
  const padToken = tokenizerConfig.pad_token;
  const spelled =
    typeof padToken === 'object' && padToken !== null && 'content' in padToken ? padToken.content : padToken;
  const mend = mendFor(tokenizerJson);
  const padId = tokenizer.token_to_id(typeof spelled === 'string' ? spelled : '[PAD]') ?? 0;
  return {
    padId,
    tokens: (text) => tokenizer.encode(mend(text)).tokens,
    encode(text, maxLength) {
      const { ids } = tokenizer.encode(mend(text));
      if (ids.length <= maxLength) return { ids, dropped: 0 };
      // The text is cut, the closing special token ([SEP]) stays.
      return { ids: [...ids.slice(0, maxLength - 1), ids.at(-1) as number], dropped: ids.length - maxLength };
    },
  };
}

interface Normalizer {
  readonly type?: string;
  readonly lowercase?: boolean;
  readonly handle_chinese_chars?: boolean;
  readonly normalizers?: readonly Normalizer[];
}

/** Chinese characters outside the basic plane, as BERT's tokenizer lists them. */
const rareHan = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/**
 * BERT's normaliser goes character by character in Python. In JavaScript toLowerCase looks at the neighbours of a sigma,
 * and @huggingface/tokenizers 0.2 misses characters of two UTF-16 units: both are put right before it sees the text.
 */
function mendFor(tokenizerJson: object): (text: string) => string {
  const { normalizer } = tokenizerJson as { normalizer?: Normalizer | null };
  const bert = [normalizer, ...(normalizer?.normalizers ?? [])].find((one) => one?.type === 'BertNormalizer');
  return (text) => {
    const spaced = bert?.handle_chinese_chars ? text.replace(rareHan, ' $& ') : text;
    return bert?.lowercase ? spaced.replaceAll('Σ', 'σ') : spaced;
  };
}
