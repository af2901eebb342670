// Token ids against Python's AutoTokenizer, on strings chosen to be awkward.
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { resolveModel } from '../../src/hub/resolve.js';
import { loadTokenizer } from '../../src/tasks/tokenizer.js';
import { fixture, fixtureJson } from '../references.js';

interface Row {
  readonly text: string;
  readonly ids: readonly number[];
}

async function tokenizerOf(idOrFolder: string) {
  const { folder } = await resolveModel(idOrFolder);
  const { tokenizerJson, tokenizerConfig } = await readCheckpoint(folder);
  return loadTokenizer(tokenizerJson, tokenizerConfig);
}

describe("all-MiniLM-L6-v2's tokenizer", async () => {
  const tokenizer = await tokenizerOf('sentence-transformers/all-MiniLM-L6-v2');
  const rows = fixtureJson('minilm/tokens.json') as Row[];

  it('has 100 strings to agree on', () => {
    expect(rows).toHaveLength(100);
  });

  it.each(rows.map(({ text, ids }) => [text.slice(0, 40), text, ids] as const))('%j', (_, text, ids) => {
    expect(tokenizer.encode(text, 10_000)).toEqual({ ids, dropped: 0 });
  });

  it.each(
    (
      fixtureJson('minilm/pairs.json') as {
        first: string;
        second: string | null;
        maxLength: number | null;
        ids: number[];
      }[]
    )
      .filter(({ second }) => second === null)
      .map(({ first, maxLength, ids }) => [first, maxLength as number, ids] as const),
  )('%j cut at %i tokens', (text, maxLength, ids) => {
    expect(tokenizer.encode(text, maxLength).ids).toEqual(ids);
  });

  it('keeps [SEP] when it cuts, and says how many tokens did not fit', () => {
    expect(tokenizer.encode('one two three four', 4)).toEqual({ ids: [101, 2028, 2048, 102], dropped: 2 });
  });

  it('spells tokens as its vocabulary does', () => {
    expect(tokenizer.tokens('Unbelievably good')).toEqual([
      '[CLS]',
      'un',
      '##bel',
      '##ie',
      '##va',
      '##bly',
      'good',
      '[SEP]',
    ]);
  });

  it('pads with [PAD]', () => {
    expect(tokenizer.padId).toBe(0);
  });
});

describe("tiny-bert's tokenizer", () => {
  it('gives the ids of Python', async () => {
    const tokenizer = await tokenizerOf(fixture('tiny-bert'));
    const { texts } = fixtureJson('tiny-bert/expected.json') as { texts: { text: string; input_ids: number[] }[] };
    for (const { text, input_ids: ids } of texts) expect(tokenizer.encode(text, 64).ids, text).toEqual(ids);
  });
});
