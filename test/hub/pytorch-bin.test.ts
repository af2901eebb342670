/** pytorch_model.bin by torch itself (test/python/make_pickles.py): every layout read as torch reads it. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint, readWeights } from '../../src/hub/checkpoint.js';
import { readPickle, Tuple } from '../../src/hub/pickle.js';
import { readPytorchBin } from '../../src/hub/pytorch-bin.js';
import { readSafetensors, writeSafetensors } from '../../src/hub/safetensors.js';
import { tokenizerFromVocabulary } from '../../src/hub/vocabulary-file.js';

const fixtures = fileURLToPath(new URL('../fixtures/pytorch-bin/', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pytorch-bin-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file of torch.save', () => {
  test.each([
    ['zip-2', 'the zip archive, as every torch since 1.6 writes it'],
    ['zip-3', 'pickle protocol 3'],
    ['zip-4', 'pickle protocol 4'],
    ['zip-5', 'pickle protocol 5'],
    ['stream-2', 'the layout before 1.6'],
    ['stream-4', 'the layout before 1.6, protocol 4'],
    ['deflated', 'an archive packed anew by another tool'],
    ['zip64', 'an archive with the wide fields of those over 4 GiB'],
  ])('%s holds what safetensors holds (%s)', async (name) => {
    const tensors = await readPytorchBin(join(fixtures, `${name}.bin`));
    const expected = (await readSafetensors(join(fixtures, 'expected.safetensors'))).tensors;
    expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, tensor] of expected) expect(tensors.get(key), key).toEqual(tensor);
  });

  test('gives tied weights one array, and a view of rows no copy', async () => {
    const tensors = await readPytorchBin(join(fixtures, 'zip-2.bin'));
    expect(tensors.get('tied.a')?.data).toBe(tensors.get('tied.b')?.data);
    expect(tensors.get('rows')?.data.buffer).toBe(tensors.get('scalar')?.data.buffer);
    expect(tensors.get('transposed')?.data.buffer).not.toBe(tensors.get('scalar')?.data.buffer);
  });

  test('saved as safetensors is the file that Python writes', async () => {
    const path = join(folder, 'copy.safetensors');
    await writeSafetensors(path, await readPytorchBin(join(fixtures, 'zip-2.bin')), {});
    expect(Buffer.compare(await readFile(path), await readFile(join(fixtures, 'expected.safetensors')))).toBe(0);
  });

  test('cut short anywhere is refused by its name', async () => {
    const path = join(folder, 'changed.bin');
    for (const name of ['zip-2', 'stream-2']) {
      const whole = await readFile(join(fixtures, `${name}.bin`));
      for (let length = 0; length < whole.length; length += 13) {
        await writeFile(path, whole.subarray(0, length));
        await expect(readPytorchBin(path)).rejects.toThrow(/^\S*changed\.bin: /);
      }
    }
  });
});

describe('a checkpoint of old', () => {
  test('has its weights whole or in shards', async () => {
    const whole = await readWeights(join(fixtures, 'whole'));
    expect(whole.size).toBe(25);
    expect(whole.get('classifier.weight')?.shape).toEqual([2, 8]);
    const sharded = await readWeights(join(fixtures, 'sharded'));
    expect(new Map([...sharded].sort())).toEqual(new Map([...whole].sort()));
  });

  test('gives way to safetensors beside it', async () => {
    const both = join(folder, 'both');
    await cp(join(fixtures, 'whole'), both, { recursive: true });
    await writeFile(join(both, 'pytorch_model.bin'), 'not looked at');
    await writeSafetensors(join(both, 'model.safetensors'), new Map());
    expect(await readWeights(both)).toEqual(new Map());
  });

  test('whose shards disagree with their index is refused', async () => {
    const broken = join(folder, 'broken');
    await cp(join(fixtures, 'sharded'), broken, { recursive: true });
    await rm(join(broken, 'pytorch_model-00003-of-00004.bin'));
    await expect(readWeights(broken)).rejects.toThrow(
      /lacks pytorch_model-00003-of-00004\.bin, which pytorch_model\.bin\.index\.json names/,
    );
    await writeFile(join(broken, 'pytorch_model.bin.index.json'), '{"weight_map":{"x":"model.safetensors"}}');
    await expect(readWeights(broken)).rejects.toThrow(/"model\.safetensors", which is not the name of a \.bin file/);
  });

  test('has vocab.txt alone, from which the tokenizer of transformers is made', async () => {
    const { tokenizerJson, tokenizerConfig } = await readCheckpoint(join(fixtures, 'whole'));
    const made = JSON.parse(await readFile(join(fixtures, 'tokenizers.json'), 'utf8'));
    expect(tokenizerJson).toEqual(made[0].tokenizer);
    expect(tokenizerConfig).toEqual({});
    const vocabulary = await readFile(join(fixtures, 'whole', 'vocab.txt'), 'utf8');
    for (const { settings, tokenizer } of made) {
      for (const lineEnd of ['\r\n', '\r']) {
        const text = vocabulary.replaceAll('\n', lineEnd);
        expect(tokenizerFromVocabulary(text, { model_type: 'mobilebert' }, settings, 'vocab.txt')).toEqual(tokenizer);
      }
    }
  });

  test.each<[string, object, object, RegExp]>([
    ['another kind of model', { model_type: 'roberta' }, {}, /its model_type "roberta" is none of BERT's kind/],
    ['another tokenizer', {}, { tokenizer_class: 'BertJapaneseTokenizer' }, /tokenizer_class "BertJapaneseTokenizer"/],
    ['a special token it lacks', {}, { cls_token: '<s>' }, /the cls_token "<s>" is not in it/],
    ['a special token that is none', {}, { sep_token: [3] }, /the sep_token undefined is not in it/],
    ['an added token', {}, { additional_special_tokens: ['<e>'] }, /it adds the token "<e>"/],
    [
      'a setting of another type',
      {},
      { do_lower_case: 'no' },
      /the setting do_lower_case "no" is neither true nor false/,
    ],
    ['a setting we do not know', {}, { do_basic_tokenize: false }, /do_basic_tokenize false is not understood/],
  ])('is refused with %s', (_, config, settings, message) => {
    const make = () =>
      tokenizerFromVocabulary(
        '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]',
        { model_type: 'bert', ...config },
        { ...settings },
        'vocab.txt',
      );
    expect(make).toThrow(message);
    expect(make).toThrow(/^vocab\.txt has no tokenizer\.json beside it, and .*AutoTokenizer/);
  });
});

test('the values of a pickle: numbers, texts of Python 2 and 3, lists, tuples, dictionaries', () => {
  const host = { file: 'f', global: () => undefined, persistent: () => undefined };
  // pickle.dumps({'a': [None, True, -1, 300, 2**40, -(2**70), 0.5, b'xy'], 'b': ((), (1,), (1, 2, 3))}, 2..5), and 'U' by hand
  const text =
    '8002 7d 28 5501 61 5d 28 4e 88 4affffffff 4d2c01 8a06000000000001 8a0900000000000000 00c0 473fe0000000000000 43027879 65' +
    '5801000000 62 29 4b01 85 4b01 4b02 4b03 87 87 75 2e ff';
  const { value, end } = readPickle(Buffer.from(text.replaceAll(' ', ''), 'hex'), 0, host);
  const list = [null, true, -1, 300, 2 ** 40, -(2n ** 70n), 0.5, new Uint8Array(Buffer.from('xy'))];
  const tuples = new Tuple([new Tuple([]), new Tuple([1]), new Tuple([1, 2, 3])]);
  expect(
    (value as Map<string, unknown[]>).get('a')?.map((x) => (x instanceof Uint8Array ? new Uint8Array(x) : x)),
  ).toEqual(list);
  expect((value as Map<string, unknown>).get('b')).toEqual(tuples);
  expect(end).toBe(text.replaceAll(' ', '').length / 2 - 1);
});
