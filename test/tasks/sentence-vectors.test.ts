// Sentence vectors against sentence-transformers, with the model that set-up fetched.
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSentenceEncoder } from '../../src/tasks/sentence-vectors.js';
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

describe('a folder', () => {
  it('without modules.json is pooled by the mean and not scaled', async () => {
    const encoder = await loadSentenceEncoder(fixture('tiny-bert-base'));
    const [vector] = (await encoder.encode(['The food was great!'])) as [Float32Array];
    await encoder.dispose();
    expect(vector).toHaveLength(32);
    expect(Math.hypot(...vector)).toBeGreaterThan(1.1);
  });

  it.each([
    ['cls_token', { pooling_mode_cls_token: true }, 'pools by pooling_mode_cls_token; we pool by the mean'],
    ['max, as newer files say it', { pooling_mode: 'max' }, 'pools by max; we pool by the mean'],
  ])('that pools by %s is refused', async (_, pooling, message) => {
    const folder = temporaryFolder();
    await cp(fixture('tiny-bert-base'), folder, { recursive: true });
    const modules = ['Transformer', 'Pooling'].map((type, i) => ({ type: `models.${type}`, path: i ? 'pool' : '' }));
    await writeFile(join(folder, 'modules.json'), JSON.stringify(modules));
    await cp(join(folder, 'modules.json'), join(folder, 'pool', 'config.json'));
    await writeFile(join(folder, 'pool', 'config.json'), JSON.stringify(pooling));
    await expect(loadSentenceEncoder(folder)).rejects.toThrow(message);
  });

  it('with modules we lack is refused, naming them', async () => {
    const folder = temporaryFolder();
    await cp(fixture('tiny-bert-base'), folder, { recursive: true });
    const modules = ['Transformer', 'Pooling', 'Dense'].map((type) => ({ type: `models.${type}`, path: '' }));
    await writeFile(join(folder, 'modules.json'), JSON.stringify(modules));
    await expect(loadSentenceEncoder(folder)).rejects.toThrow('is made of Transformer, Pooling, Dense');
  });
});
