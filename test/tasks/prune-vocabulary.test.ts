// A pruned vocabulary: fewer rows in the word table, and the same predictions for the texts it was pruned to.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/tasks/load-model.js';
import { fixture, temporaryFolder } from '../references.js';

const texts = ['the food was great', 'never again: cold and slow!'];
const load = (folder = fixture('tiny-bert')) => loadModel(folder, { task: 'text-classification' });

describe('pruneVocabulary', () => {
  it('changes no prediction for those texts, and saves a model that Python and we can open', async () => {
    const whole = await load();
    const pruned = whole.pruneVocabulary(texts);
    expect(pruned.encoder.vocabularySize).toBeLessThan(whole.encoder.vocabularySize);
    expect(pruned.weights.get(pruned.encoder.wordEmbeddings)?.shape).toEqual([pruned.encoder.vocabularySize, 32]);
    expect(pruned.parameterCount).toBeLessThan(whole.parameterCount);
    expect(texts.map((text) => pruned.tokenizer.tokens(text))).toEqual(
      texts.map((text) => whole.tokenizer.tokens(text)),
    );
    expect(await pruned.predict(texts)).toEqual(await whole.predict(texts));

    const folder = join(temporaryFolder(), 'pruned');
    await pruned.save(folder);
    expect(await (await load(folder)).predict(texts)).toEqual(await whole.predict(texts));
  });

  it('reads other words by their pieces, never as unknown where the whole vocabulary knew their letters', async () => {
    const pruned = (await load()).pruneVocabulary(['food']);
    const tokens = pruned.tokenizer.tokens('wonderful');
    expect(tokens.length).toBeGreaterThan(3);
    expect(tokens).not.toContain('[UNK]');
  });

  it('leaves the model it came from as it was', async () => {
    const whole = await load();
    const before = await whole.predict(texts);
    whole.pruneVocabulary(['food']).weights.get('classifier.bias')!.data.fill(9);
    expect(await whole.predict(texts)).toEqual(before);
  });
});
