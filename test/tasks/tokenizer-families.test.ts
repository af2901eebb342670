// Token ids of every family's kind of tokenizer against Python's, on 694 awkward strings (test/python/references/tokenizers.py).
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { resolveModel } from '../../src/hub/resolve.js';
import { textBatches } from '../../src/tasks/batching.js';
import { loadTokenizer, type TextTokenizer } from '../../src/tasks/tokenizer.js';
import { fixtureJson } from '../references.js';
import { type Json, tokenizerJson } from './tokenizer-fixtures.js';

const strings = fixtureJson('tokenizers/strings.json') as string[];

async function real(): Promise<TextTokenizer> {
  const { folder } = await resolveModel('sentence-transformers/all-MiniLM-L6-v2');
  const checkpoint = await readCheckpoint(folder);
  return loadTokenizer(checkpoint.tokenizerJson, checkpoint.tokenizerConfig);
}

const tiny = (family: string) => async () =>
  loadTokenizer(
    tokenizerJson(family),
    fixtureJson(`tokenizers/${family}/tokenizer_config.json`) as Record<string, unknown>,
  );

it('there are 694 strings to agree on', () => {
  expect(new Set(strings).size).toBe(694);
});

describe.each([
  ['minilm', real], // BERT, uncased, all-MiniLM-L6-v2's own
  ['bert-uncased', tiny('bert-uncased')], // also DistilBERT's and MobileBERT's kind
  ['bert-cased', tiny('bert-cased')],
  ['roberta', tiny('roberta')],
  ['xlm-roberta', tiny('xlm-roberta')],
  ['modernbert', tiny('modernbert')],
] as const)('%s', async (family, load) => {
  const tokenizer = await load();
  const ids = (fixtureJson(`tokenizers/${family}/ids.json`) as string[]).map((row) => row.split(' ').map(Number));
  const { padId, padded, mask, cut } = fixtureJson(`tokenizers/${family}/cut.json`) as {
    padId: number;
    padded: number[][];
    mask: number[][];
    cut: { text: string; maxLength: number; ids: number[]; dropped: number }[];
  };

  it("has Python's ids", () => {
    const differ = strings.flatMap((text, i) => {
      const ours = tokenizer.encode(text, 100_000);
      expect(ours.dropped).toBe(0);
      return String(ours.ids) === String(ids[i]) ? [] : [{ text, ours: String(ours.ids), python: String(ids[i]) }];
    });
    expect(differ).toEqual([]);
  });

  it('spells as many tokens as it has ids, all within its vocabulary', () => {
    for (const text of strings) {
      const { ids } = tokenizer.encode(text, 100_000);
      expect(tokenizer.tokens(text)).toHaveLength(ids.length);
      expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabularySize as number);
    }
  });

  it.each(cut.map(({ text, ...row }) => [text.slice(0, 20), row.maxLength, text, row] as const))(
    'cuts %j at %i tokens as Python does',
    (_, maxLength, text, { ids, dropped }) => {
      expect(tokenizer.encode(text, maxLength)).toEqual({ ids, dropped });
    },
  );

  it('pads on the right with its own token', () => {
    expect(tokenizer.padId).toBe(padId);
    const [batch] = textBatches(tokenizer, [{ text: 'a' }, { text: 'a b c' }], { batchSize: 2, maxLength: 16 });
    const row = (data: ArrayLike<number>, i: number) => Array.from(data).slice(16 * i, 16 * i + 16);
    const rest = (padding: number, length: number) => Array(16 - length).fill(padding);
    for (const i of [0, 1]) {
      const { inputIds, attentionMask } = (batch as NonNullable<typeof batch>).inputs;
      const length = (padded[i] as number[]).length;
      expect(row(inputIds.data, i)).toEqual([...(padded[i] as number[]), ...rest(padId, length)]);
      expect(row(attentionMask.data, i)).toEqual([...(mask[i] as number[]), ...rest(0, length)]);
    }
  });

  it('reads lone surrogates, which Python refuses, as U+FFFD', () => {
    for (const text of ['\ud83d', 'a\udc00b', '\udc00\ud83d !'])
      expect(tokenizer.encode(text, 64)).toEqual(tokenizer.encode(text.replace(/[\ud83d\udc00]/gu, '\ufffd'), 64));
  });

  it('takes a text of 200,000 characters, with spaces or without', () => {
    for (const text of ['x'.repeat(200_000), '漢字'.repeat(100_000), 'ab '.repeat(66_667), '\u0301'.repeat(200_000)]) {
      const { ids, dropped } = tokenizer.encode(text, 128);
      expect(ids.length === 128 || dropped === 0).toBe(true);
    }
  });
});

interface Variant {
  readonly name: string;
  readonly family: string;
  readonly change: Json;
  readonly sha256: string;
}

it.each((fixtureJson('tokenizers/variants.json') as Variant[]).map((variant) => [variant.name, variant] as const))(
  "%s: other parts, Python's ids",
  (_, { family, change: { normalizers_after: after, ...parts }, sha256 }) => {
    const json = tokenizerJson(family);
    if (after !== undefined) parts.normalizer = { type: 'Sequence', normalizers: [json.normalizer, ...after] };
    const tokenizer = loadTokenizer({ ...json, ...parts }, {});
    const lines = strings.map((text) => `${tokenizer.encode(text, 100_000).ids.join(' ')}\n`);
    expect(createHash('sha256').update(lines.join('')).digest('hex')).toBe(sha256);
  },
);
