// The tiny tokenizers of test/fixtures/tokenizers as their files would be.
import { inflateSync } from 'node:zlib';
import { fixtureJson } from '../references.js';

/** biome-ignore lint/suspicious/noExplicitAny: tests change every part of it */
export type Json = Record<string, any>;

/** The content of a family's tokenizer.json; XLM-RoBERTa's charsmap, kept deflated, is put back. */
export function tokenizerJson(family: string): Json {
  const json = fixtureJson(`tokenizers/${family}/tokenizer.json`) as Json;
  if (json.normalizer?.type === 'Precompiled') {
    const { deflated } = fixtureJson(`tokenizers/${family}/charsmap.json`) as { deflated: string };
    json.normalizer.precompiled_charsmap = inflateSync(Buffer.from(deflated, 'base64')).toString('base64');
  }
  return json;
}
