import { expect, it } from 'vitest';
import { modelFacts } from '../../src/tasks/model-facts.js';
import { fixture } from '../references.js';
import { load } from './exported.js';

it('says what a model knows of itself', async () => {
  const model = await load('tiny-bert');
  const facts = modelFacts(model, 'out/mood');
  expect(facts).toEqual({
    name: 'mood',
    labels: ['negative', 'neutral', 'positive'],
    modelType: 'bert',
    maxLength: 64,
    parameterCount: 28_931,
  });
});

it('takes an id on the hub for the base model, and a folder for none', async () => {
  const { labels, encoder, parameterCount, maxLength } = await load('tiny-bert');
  const named = (name: string) => modelFacts({ name, labels, encoder, parameterCount, maxLength }, 'x').baseModel;
  expect(named('org/model')).toBe('org/model');
  expect(named(fixture('tiny-bert'))).toBeUndefined();
  expect(named('test/fixtures')).toBeUndefined();
});
