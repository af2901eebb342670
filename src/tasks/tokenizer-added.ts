/**
 * Tokens a tokenizer.json adds to its vocabulary, as '[MASK]' or ModernBERT's runs of spaces: they are found in the text
 * before anything else is done to it, those marked `normalized` once it has been normalised.
 *
 *     const parts = addedTokens([{ id: 4, content: '<mask>', lstrip: true, ... }], (text) => text.toLowerCase());
 *     parts('A  <mask>B');   // [{ is: 'a', first: true }, { is: 4, first: false }, { is: 'b', first: false }]
 *
 * In place of the Tokenizer of @huggingface/tokenizers, which strips other spaces around them than Python does and does not
 * know `single_word`.
 */
import type { AddedTokenJson } from './tokenizer-json.js';

/** An added token's id, or text, normalised; `first`: it begins where the input begins. */
export interface Part {
  readonly is: number | string;
  readonly first: boolean;
}

export function addedTokens(
  tokens: readonly AddedTokenJson[],
  normalize: (text: string) => string,
): (text: string) => Part[] {
  const isNormalized = ({ normalized, special }: AddedTokenJson) => normalized ?? !special;
  const raw = finder(tokens.filter((token) => !isNormalized(token)).map((token) => [token.content, token]));
  const later = finder(tokens.filter(isNormalized).map((token) => [normalize(token.content), token]));
  return (text) =>
    raw(text, true).flatMap((part) => (typeof part.is === 'number' ? [part] : later(normalize(part.is), part.first)));
}

/** Cuts a text at tokens, the leftmost and there the longest first. Parts without text are left out. */
function finder(tokens: readonly (readonly [string, AddedTokenJson])[]): (text: string, first: boolean) => Part[] {
  const byContent = new Map(tokens.filter(([content]) => content !== ''));
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length);
  if (contents.length === 0) return (text, first) => (text === '' ? [] : [{ is: text, first }]);
  const any = new RegExp(contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'gu');
  return (text, first) => {
    const parts: Part[] = [];
    let done = 0;
    for (const { 0: content, index } of text.matchAll(any)) {
      const token = byContent.get(content) as AddedTokenJson;
      let start = index;
      let end = index + content.length;
      if (start < done) continue; // taken by the rstrip of the one before
      if (token.single_word && (wordBefore.test(text.slice(0, start)) || wordAfter.test(text.slice(end)))) continue;
      if (token.lstrip) start -= (spaceBefore.exec(text.slice(done, start))?.[0] ?? '').length;
      if (token.rstrip) end += (spaceAfter.exec(text.slice(end))?.[0] ?? '').length;
      if (start > done) parts.push({ is: text.slice(done, start), first: first && done === 0 });
      parts.push({ is: token.id, first: first && start === 0 });
      done = end;
    }
    if (done < text.length) parts.push({ is: text.slice(done), first: first && done === 0 });
    return parts;
  };
}

const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
const spaceBefore = /\p{White_Space}+$/u;
const spaceAfter = /^\p{White_Space}+/u;
