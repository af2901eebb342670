// A tokenizer.json that is broken or of a kind not known here is refused by one error that names the place.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/hub/random.js';
import { loadTokenizer } from '../../src/tasks/tokenizer.js';
import { type Json, tokenizerJson } from './tokenizer-fixtures.js';

/** The family's file with one change. */
function changed(family: string, change: (json: Json) => void): Json {
  const json = structuredClone(tokenizerJson(family));
  change(json);
  return json;
}

describe('a tokenizer.json is refused', () => {
  it.each<[string, string, (json: Json) => void, string]>([
    ['without a model', 'roberta', (json) => delete json.model, 'model: Invalid input'],
    [
      'with a model of another type',
      'roberta',
      ({ model }) => (model.type = 'WordLevel'),
      "model.type: Invalid discriminator value. Expected 'WordPiece' | 'BPE' | 'Unigram'",
    ],
    [
      'with a list for a vocabulary',
      'bert-cased',
      ({ model }) => (model.vocab = ['a']),
      'model.vocab: must be an object from tokens to ids',
    ],
    [
      'with an id that is none',
      'bert-cased',
      ({ model }) => (model.vocab.a = 1.5),
      'model.vocab: must be an object from tokens to ids',
    ],
    ['with an id of two tokens', 'bert-cased', ({ model }) => (model.vocab.a = 0), 'each of one token only'],
    [
      'whose unknown token is unknown',
      'bert-cased',
      ({ model }) => (model.unk_token = '<unk>'),
      'model.unk_token is "<unk>", which model.vocab lacks',
    ],
    [
      'with a merge of tokens it lacks',
      'roberta',
      ({ model }) => (model.merges[3] = ['x', 'Ġq']),
      'a token of model.merges.3 is "xĠq", which model.vocab lacks',
    ],
    [
      'with a merge of one token',
      'roberta',
      ({ model }) => (model.merges[3] = 'x'),
      'model.merges.3 must be two tokens',
    ],
    [
      'with a score that is none',
      'xlm-roberta',
      ({ model }) => (model.vocab[5][1] = null),
      'model.vocab: must be a list of [token, score]',
    ],
    [
      'whose unk_id is past its end',
      'xlm-roberta',
      ({ model }) => (model.unk_id = 1e6),
      'model.unk_id is 1000000, but model.vocab ends at',
    ],
    [
      'with a charsmap that is cut',
      'xlm-roberta',
      ({ normalizer }) => (normalizer.precompiled_charsmap = 'AAAA'),
      'precompiled_charsmap is cut short',
    ],
    [
      'with another normaliser',
      'modernbert',
      (json) => (json.normalizer = { type: 'Nmt' }),
      'normalizer.type: Invalid discriminator value',
    ],
    [
      'with another pre-tokeniser',
      'xlm-roberta',
      (json) => (json.pre_tokenizer.pretokenizers[0].type = 'Digits'),
      'pre_tokenizer.pretokenizers.0.type: Invalid',
    ],
    [
      'with a pattern that does not compile',
      'roberta',
      (json) => (json.pre_tokenizer = { type: 'Split', behavior: 'Isolated', invert: false, pattern: { Regex: '(' } }),
      'Invalid regular expression',
    ],
    [
      'with a template without the text',
      'bert-cased',
      (json) => json.post_processor.single.splice(1, 1),
      'post_processor.single must hold the text',
    ],
    [
      'with a template of tokens it lacks',
      'bert-cased',
      (json) => delete json.post_processor.special_tokens['[SEP]'],
      'post_processor.special_tokens lacks "[SEP]"',
    ],
    [
      'with added tokens that are none',
      'roberta',
      (json) => (json.added_tokens[0].content = 7),
      'added_tokens.0.content: Invalid input',
    ],
  ])('%s', (_, family, change, problem) => {
    const load = () => loadTokenizer(changed(family, change), {});
    expect(load).toThrow('tokenizer.json cannot be used: ');
    expect(load).toThrow(problem);
  });

  it('not for missing parts that may be absent', () => {
    const json = changed('roberta', (whole) => {
      for (const part of ['decoder', 'normalizer', 'padding', 'truncation', 'version', 'post_processor'])
        delete whole[part];
    });
    expect(loadTokenizer(json, {}).tokens('a b')).toEqual(['a', 'Ġb']);
  });
});

describe('the padding token', () => {
  const withPadding = (json: Json) => (json.padding = { pad_token: '</s>' });

  it.each<[string, Json, Json, Json, number]>([
    ['tokenizer_config.json', changed('roberta', withPadding), { pad_token: '<unk>' }, { pad_token: '<s>' }, 3],
    [
      'tokenizer_config.json, with its settings',
      tokenizerJson('roberta'),
      { pad_token: { content: '<unk>', lstrip: false } },
      {},
      3,
    ],
    ['special_tokens_map.json', changed('roberta', withPadding), {}, { pad_token: '<s>' }, 0],
    ["tokenizer.json's padding", changed('roberta', withPadding), {}, {}, 2],
    ['its usual name', tokenizerJson('roberta'), {}, {}, 1],
  ])('is read from %s', (_, json, config, map, id) => {
    expect(loadTokenizer(json, config, map).padId).toBe(id);
  });

  it('must be one of the tokens', () => {
    expect(() => loadTokenizer(tokenizerJson('roberta'), { pad_token: '[PAD]' })).toThrow(
      'the padding token "[PAD]" is not one of its tokens',
    );
  });

  it('must be there', () => {
    const json = changed('roberta', ({ added_tokens, model }) => {
      added_tokens[1].content = '<nothing>';
      delete model.vocab['<pad>'];
    });
    expect(() => loadTokenizer(json, {})).toThrow('it has no padding token; name one as "pad_token"');
  });
});

it('1,000 random changes end in an error that names the file, or in a tokenizer', () => {
  const random = seededRandom(6);
  const draw = (n: number) => Math.floor(random() * n);
  const values = [null, -1, 1e12, 0.5, '', 'x', [], {}, true, '\ud800'];
  const families = ['bert-cased', 'roberta', 'xlm-roberta', 'modernbert'].map(tokenizerJson);
  let loaded = 0;
  for (let i = 0; i < 1000; i++) {
    // A copy down to the place that is changed; the rest is shared, for speed.
    const json = { ...(families[i % 4] as Json) };
    let place = json;
    for (;;) {
      const keys = Object.keys(place);
      const key = keys[draw(keys.length)];
      if (key === undefined) break;
      const value = place[key];
      if (typeof value === 'object' && value !== null && random() < 0.8) {
        place[key] = Array.isArray(value) ? [...value] : { ...value };
        place = place[key];
        continue;
      }
      if (random() < 0.3) delete place[key];
      else place[key] = values[draw(values.length)];
      break;
    }
    try {
      const tokenizer = loadTokenizer(json, {});
      expect(tokenizer.encode('The ﬁnest <mask> [SEP] 漢字, 😀!', 64).ids.every(Number.isInteger)).toBe(true);
      loaded++;
    } catch (error) {
      expect((error as Error).message).toContain('tokenizer.json cannot be used: ');
    }
  }
  expect(loaded).toBeGreaterThan(100);
  expect(loaded).toBeLessThan(900);
});
