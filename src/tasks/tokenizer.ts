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
  const padId = tokenizer.token_to_id(typeof spelled === 'string' ? spelled : '[PAD]') ?? 0;
  return {
    padId,
    tokens: (text) => tokenizer.encode(text).tokens,
    encode(text, maxLength) {
      const { ids } = tokenizer.encode(text);
      if (ids.length <= maxLength) return { ids, dropped: 0 };
      // The text is cut, the closing special token ([SEP]) stays.
      return { ids: [...ids.slice(0, maxLength - 1), ids.at(-1) as number], dropped: ids.length - maxLength };
    },
  };
}
