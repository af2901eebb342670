/**
 * SentencePiece's precompiled charsmap, which XLM-RoBERTa's tokenizer normalises text with ("nmt_nfkc": NFKC with
 * exceptions of its own). @huggingface/tokenizers 0.2 puts NFKC and a list of spaces in its place, which differs: it makes
 * a space of ZWJ, joins 'か' + U+3099, keeps both accents of 'e\u0301\u0301'.
 *
 *     const normalize = charsmap(base64);
 *     normalize('ﬁne①');    // 'fine1'
 *
 * The format (little-endian): uint32 bytes of the trie, the trie (a Darts double array of uint32 over UTF-8), then the
 * replacements, each ended by a zero byte; a leaf of the trie holds where its replacement begins.
 */

/** @throws Error for bytes that are not a charsmap */
export function charsmap(base64: string): (text: string) => string {
  const bytes = Buffer.from(base64, 'base64');
  const size = bytes.length >= 4 ? bytes.readUInt32LE(0) : -1;
  if (size < 4 || size % 4 !== 0 || size > bytes.length - 4) {
    throw new Error('precompiled_charsmap is cut short or no charsmap');
  }
  const trie = Uint32Array.from({ length: size / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i));
  const replacements = bytes.subarray(4 + size);
  const encoder = new TextEncoder();
  const key = new Uint8Array(8);

  /** The replacement of the shortest beginning of `text` that has one, as Python's spm_precompiled looks it up. */
  function replacement(text: string): string | undefined {
    const { written } = encoder.encodeInto(text, key);
    let node = offset(trie[0] as number);
    for (let i = 0; i < written; i++) {
      const byte = key[i] as number;
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = trie[node];
      // A trie that was damaged may point outside itself; label and byte differ then too.
      if (unit === undefined || (unit & 0x800000ff) !== byte) return undefined;
      node ^= offset(unit);
      if ((unit & 0x100) !== 0) {
        const start = (trie[node] ?? 0) & 0x7fffffff;
        const end = replacements.indexOf(0, start);
        return replacements.toString('utf8', start, end < 0 ? replacements.length : end);
      }
    }
    return undefined;
  }

  const ascii = Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    return replacement(character) ?? character;
  });
  const ofCharacters = (text: string) => {
    let result = '';
    for (const character of text) {
      result += ascii[character.charCodeAt(0)] ?? replacement(character) ?? character;
    }
    return result;
  };
  return (text) => {
    if (!joined.test(text)) return ofCharacters(text);
    let result = '';
    for (const one of graphemes(text)) {
      // What a reader takes for one character is looked up whole where it has less than 6 bytes.
      const whole = one.length < 6 && Buffer.byteLength(one) < 6 ? replacement(one) : undefined;
      result += whole ?? ofCharacters(one);
    }
    return result;
  };
}

/** Whether any characters may be one to a reader and have less than 6 bytes: marks, signs without width, CR LF, Prepend. */
const joined =
  /[\p{M}\p{Cf}\p{Grapheme_Extend}\p{Emoji_Modifier}\u0e33\u0eb3\u0d4e\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]|\r\n/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Segmenter takes time by the square of the text's length, so it gets a window that begins where a character does. */
function* graphemes(text: string): Generator<string> {
  let start = 0;
  let size = 128;
  while (start < text.length) {
    const window = Array.from(segmenter.segment(text.slice(start, start + size)), ({ segment }) => segment);
    // The last one may go on behind the window.
    const whole = start + size >= text.length ? window : window.slice(0, -1);
    yield* whole;
    size = whole.length === 0 ? size * 2 : 128;
    for (const one of whole) start += one.length;
  }
}

/** From a node of a Darts double array to its children. */
function offset(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}
