// Fields of config.json that Python's transformers 5 takes as floats only.
import { expect, it } from 'vitest';
import { configText } from '../../src/hub/config-text.js';

it('writes whole numbers as floats where transformers wants floats, and nowhere else', () => {
  const config = {
    vocab_size: 2,
    initializer_cutoff_factor: 2,
    norm_eps: 1e-5,
    name: '"norm_eps": 1',
    layer_norm_eps: 1,
  };
  const text = configText(config);
  expect(text).toMatch(/"initializer_cutoff_factor": 2\.0,\n/);
  expect(text).toMatch(/"layer_norm_eps": 1\.0\n/);
  expect(text).toMatch(/"vocab_size": 2,\n/);
  expect(JSON.parse(text)).toEqual(config);
});
