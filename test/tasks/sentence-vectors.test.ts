// Sentence vectors against sentence-transformers, with the model that set-up fetched.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSentenceEncoder, type SentenceEncoderOptions } from '../../src/tasks/sentence-vectors.js';
import { fixture, fixtureJson, largestError, references, slice, temporaryFolder } from '../references.js';

describe('all-MiniLM-L6-v2', async () => {
  const sentences = fixtureJson('minilm/sentences.json') as string[];
  const expected = (await references('minilm/sentences.safetensors')).get('vectors');
  const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2');
  afterAll(() => encoder.dispose());

  it('gives the vectors of sentence-transformers to 1e-4, on 20 sentences', async () => {
    const vectors = await encoder.encode(sentences);
    expect(vectors).toHaveLength(20);
    vectors.forEach((data, i) => {
      expect(largestError({ data }, slice(expected, i)), sentences[i]).toBeLessThan(1e-4);
    });
  });

  it('gives vectors of unit length, whose products say how close two meanings are', async () => {
    const [soup, nobodyMinded, train] = (await encoder.encode(sentences.slice(0, 3))) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
    expect(cosine(soup, soup)).toBeCloseTo(1, 5);
    expect(cosine(soup, nobodyMinded)).toBeGreaterThan(0.7);
    expect(cosine(soup, train)).toBeLessThan(0.3);
  });

  it('has nothing to do for no texts', async () => {
    expect(await encoder.encode([])).toEqual([]);
  });
});

const poolings = ['mean', 'cls', 'max'] as const;
const families = ['tiny-bert', 'tiny-distilbert', 'tiny-roberta', 'tiny-xlm-roberta', 'tiny-modernbert'];
const { texts } = fixtureJson('tiny-bert/expected.json') as { texts: { text: string }[] };
const vectors = await references('sentence-vectors/vectors.safetensors');

/** The vectors of the texts in tiny-bert/expected.json, encoded at once, so that all but the longest are padded. */
async function vectorsOf(folder: string, options: SentenceEncoderOptions = {}): Promise<Float32Array[]> {
  const encoder = await loadSentenceEncoder(folder, options);
  const encoded = await encoder.encode(texts.map(({ text }) => text));
  await encoder.dispose();
  expect(encoded.every(({ length }) => length === encoder.size)).toBe(true);
  return encoded;
}

function expectSame(actual: readonly Float32Array[], name: string): void {
  expect(actual).toHaveLength(6);
  actual.forEach((data, i) => {
    expect(largestError({ data }, slice(vectors.get(name), i)), `${name} of text ${i}`).toBeLessThan(1e-5);
  });
}

describe.each(families)('%s', (family) => {
  it.each(poolings)('pooled by %s gives the vectors of sentence-transformers to 1e-5', async (pooling) => {
    expectSame(await vectorsOf(fixture(family), { pooling }), `${family}.${pooling}`);
  });
});

/** A folder with tiny-distilbert and, as modules.json, what sentence-transformers saved with a pooling. */
async function sentenceModel(saved: string): Promise<string> {
  const folder = temporaryFolder();
  await cp(fixture('tiny-distilbert'), folder, { recursive: true });
  await cp(fixture(`sentence-vectors/${saved}`), folder, { recursive: true });
  return folder;
}

const replace = (folder: string, file: string, value: unknown) => writeFile(join(folder, file), JSON.stringify(value));

describe('modules.json', () => {
  it.each(['cls', 'max', 'cls+mean'])('with the pooling %s is followed', async (saved) => {
    expectSame(await vectorsOf(await sentenceModel(saved)), `tiny-distilbert.${saved}`);
  });

  it.each([
    ['cls', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }],
    ['mean', { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }],
    ['max', { pooling_mode_max_tokens: true }],
    ['cls+mean', { pooling_mode_mean_tokens: true, pooling_mode_cls_token: true }],
    ['mean', { word_embedding_dimension: 24 }],
  ])('of older files, with a flag a pooling, is followed: %s', async (name, pooling) => {
    const folder = await sentenceModel('cls');
    await replace(folder, '1_Pooling/config.json', pooling);
    expectSame(await vectorsOf(folder), `tiny-distilbert.${name}`);
  });

  it('may end with Normalize', async () => {
    const folder = await sentenceModel('max');
    const modules = JSON.parse(await readFile(join(folder, 'modules.json'), 'utf8')) as object[];
    await replace(folder, 'modules.json', [...modules, { type: 'sentence_transformers.models.Normalize', path: '2' }]);
    expectSame(await vectorsOf(folder), 'tiny-distilbert.max.unit');
  });

  it('gives way to the pooling asked for', async () => {
    expectSame(await vectorsOf(await sentenceModel('cls'), { pooling: 'max' }), 'tiny-distilbert.max');
  });

  it.each([
    ['weightedmean', { pooling_mode: 'weightedmean' }],
    ['weightedmean', { pooling_mode_weightedmean_tokens: true, pooling_mode_cls_token: true }],
    ['lasttoken', { pooling_mode: ['cls', 'lasttoken'] }],
  ])('that pools by %s is refused, naming it', async (name, pooling) => {
    const folder = await sentenceModel('cls');
    await replace(folder, '1_Pooling/config.json', pooling);
    await expect(loadSentenceEncoder(folder)).rejects.toThrow(`pools by ${name}; we pool by mean, cls, max.`);
    expectSame(await vectorsOf(folder, { pooling: 'cls' }), 'tiny-distilbert.cls');
  });

  it('may ask for lower case', async () => {
    const folder = await sentenceModel('cls');
    await replace(folder, 'sentence_bert_config.json', { max_seq_length: 64, do_lower_case: true });
    const json = await readFile(join(folder, 'tokenizer.json'), 'utf8');
    const cased = json
      .replace('"lowercase": true', '"lowercase": false')
      .replace('"strip_accents": null', '"strip_accents": true');
    await writeFile(join(folder, 'tokenizer.json'), cased);
    expectSame(await vectorsOf(folder), 'tiny-distilbert.cls');
  });
});

it.each([
  ['modules.json', '[', 'is not valid JSON'],
  ['modules.json', '[{}]', 'cannot be used: 0.type'],
  ['sentence_bert_config.json', '{"max_seq_length": "long"}', 'cannot be used: max_seq_length'],
  ['1_Pooling/config.json', '3', 'cannot be used: '],
])('%s that holds %s is refused, naming it', async (file, content, problem) => {
  const folder = await sentenceModel('cls');
  await writeFile(join(folder, file), content);
  await expect(loadSentenceEncoder(folder)).rejects.toThrow(`${join(folder, file)} ${problem}`);
});

it('a pooling that modules.json names and the folder lacks is not guessed', async () => {
  const folder = await sentenceModel('cls');
  await rm(join(folder, '1_Pooling/config.json'));
  await expect(loadSentenceEncoder(folder)).rejects.toThrow('lacks 1_Pooling/config.json, which says how its tokens');
  expectSame(await vectorsOf(folder, { pooling: 'cls' }), 'tiny-distilbert.cls');
});

it('a pooling that does not exist is refused, with those that do', async () => {
  const options = { pooling: 'median' as 'mean' };
  await expect(loadSentenceEncoder(fixture('tiny-bert'), options)).rejects.toThrow(
    'There is no pooling "median"; there are: mean, cls, max.',
  );
});

describe('a folder', () => {
  it('without modules.json is pooled by the mean and not scaled', async () => {
    const encoder = await loadSentenceEncoder(fixture('tiny-bert-base'));
    const [vector] = (await encoder.encode(['The food was great!'])) as [Float32Array];
    await encoder.dispose();
    expect(vector).toHaveLength(32);
    expect(Math.hypot(...vector)).toBeGreaterThan(1.1);
  });

  it('with modules we lack is refused, naming them', async () => {
    const folder = temporaryFolder();
    await cp(fixture('tiny-bert-base'), folder, { recursive: true });
    const modules = ['Transformer', 'Pooling', 'Dense'].map((type) => ({ type: `models.${type}`, path: '' }));
    await writeFile(join(folder, 'modules.json'), JSON.stringify(modules));
    await expect(loadSentenceEncoder(folder)).rejects.toThrow('is made of Transformer, Pooling, Dense');
  });
});

it('says what it leaves out of long texts', async () => {
  const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2', { maxLength: 8 });
  expect(encoder.truncation(['short', 'one two three four five six seven eight'])).toEqual({
    texts: 1,
    tokens: 2,
    longest: 10,
  });
  await encoder.dispose();
});
