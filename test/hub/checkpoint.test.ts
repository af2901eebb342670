/** Checkpoint folders: what transformers saved (test/fixtures/safetensors) read whole, written alike, replaced all at once. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CheckpointContent, readCheckpoint, readWeights, writeCheckpoint } from '../../src/hub/checkpoint.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../src/hub/safetensors.js';

const fixtures = fileURLToPath(new URL('../fixtures/safetensors/', import.meta.url));
const indexFile = 'model.safetensors.index.json';
let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
beforeEach(async () => {
  folder = join(await mkdtemp(join(root, 'case-')), 'model');
});
afterAll(() => rm(root, { recursive: true }));

function content(value: number, extra: Partial<CheckpointContent> = {}): CheckpointContent {
  const tensors = new Map<string, StoredTensor>();
  for (const name of ['a', 'b', 'c']) tensors.set(name, { dtype: 'F32', shape: [2], data: Float32Array.of(value, 1) });
  const tokenizer = { tokenizerJson: { version: '1.0' }, tokenizerConfig: { do_lower_case: true } };
  return { config: { model_type: 'bert', value }, tensors, ...tokenizer, ...extra };
}

describe('reading', () => {
  test('shards give the weights of the single file', async () => {
    const whole = await readWeights(join(fixtures, 'whole'));
    expect(whole.size).toBe(25);
    expect(await readWeights(join(fixtures, 'sharded'))).toEqual(new Map(whole));
  });

  test('config, weights and tokenizer come together', async () => {
    await writeCheckpoint(folder, content(3));
    const { config, tensors, tokenizerJson, tokenizerConfig } = await readCheckpoint(folder);
    expect({ config, tensors, tokenizerJson, tokenizerConfig }).toEqual(content(3));
  });

  test('a folder without tokenizer_config.json has an empty one', async () => {
    await writeCheckpoint(folder, content(3));
    await rm(join(folder, 'tokenizer_config.json'));
    expect((await readCheckpoint(folder)).tokenizerConfig).toEqual({});
  });

  test.each([
    ['no folder', async () => rm(folder, { recursive: true }), /has no config\.json, because there is no such folder/],
    ['no config', async () => rm(join(folder, 'config.json')), /has no config\.json; is it a checkpoint folder\?/],
    [
      'no tokenizer',
      async () => rm(join(folder, 'tokenizer.json')),
      /has no tokenizer\.json; in Python, AutoTokenizer/,
    ],
    ['half a config', async () => writeFile(join(folder, 'config.json'), '{"a":'), /config\.json is not valid JSON/],
    ['a list for a config', async () => writeFile(join(folder, 'config.json'), '[]'), /must hold a JSON object/],
    ['no weights', async () => rm(join(folder, 'model.safetensors')), /has no weights: neither model\.safetensors nor/],
    [
      'only weights of TensorFlow',
      async () => {
        await rm(join(folder, 'model.safetensors'));
        await writeFile(join(folder, 'tf_model.h5'), '');
      },
      /has no model\.safetensors, and tf_model\.h5 is not read; save the model in Python with save_pretrained/,
    ],
    [
      'only an empty pickle',
      async () => {
        await rm(join(folder, 'model.safetensors'));
        await writeFile(join(folder, 'pytorch_model.bin'), '');
      },
      /pytorch_model\.bin: it is empty; it was probably cut short/,
    ],
  ])('%s is an error that says so', async (_, harm, message) => {
    await writeCheckpoint(folder, content(3));
    await harm();
    await expect(readCheckpoint(folder)).rejects.toThrow(message);
  });
});

describe('shards that disagree with their index', () => {
  const third = 'model-00003-of-00004.safetensors';
  async function editIndex(edit: (map: Record<string, unknown>) => void): Promise<void> {
    const index = JSON.parse(await readFile(join(folder, indexFile), 'utf8'));
    edit(index.weight_map);
    await writeFile(join(folder, indexFile), JSON.stringify(index));
  }
  test.each([
    ['a missing shard', () => rm(join(folder, third)), /lacks model-00003-of-00004\.safetensors, which .* names/],
    [
      'a weight the shard lacks',
      () => editIndex((map) => Object.assign(map, { ghost: third })),
      /00003.* lacks .*"ghost"/,
    ],
    [
      'a left-over weight',
      () => editIndex((map) => delete map['classifier.bias']),
      /00004.* holds the weight "classifier\.bias", which .* places nowhere/,
    ],
    [
      'a weight in another shard',
      () => editIndex((map) => Object.assign(map, { 'classifier.bias': third })),
      /holds the weight "classifier\.bias", which .* places model-00003/,
    ],
    [
      'a shard outside the folder',
      () => editIndex((map) => Object.assign(map, { x: '../secret.safetensors' })),
      /"\.\.\/secret\.safetensors", which is not the name of a \.safetensors file/,
    ],
    ['a number for a shard', () => editIndex((map) => Object.assign(map, { x: 3 })), /places the weight "x" in 3/],
    ['no weight map', () => writeFile(join(folder, indexFile), '{}'), /has no "weight_map"/],
    ['half an index', () => writeFile(join(folder, indexFile), '{"weight'), /is not valid JSON/],
  ])('%s is an error', async (_, harm, message) => {
    await cp(join(fixtures, 'sharded'), folder, { recursive: true });
    await harm();
    await expect(readWeights(folder)).rejects.toThrow(message);
  });
});

describe('writing', () => {
  test('shards and index are those of transformers, byte for byte', async () => {
    const order: string[] = JSON.parse(await readFile(join(fixtures, 'sharded', 'order.json'), 'utf8'));
    const whole = await readWeights(join(fixtures, 'whole'));
    const tensors = new Map(order.map((name) => [name, whole.get(name)!]));
    await writeCheckpoint(folder, content(1, { tensors }), { maxShardBytes: 1000 });
    const shards = (await readdir(folder)).filter((name) => name.startsWith('model'));
    expect(shards).toHaveLength(5);
    for (const name of shards) {
      expect(await readFile(join(folder, name), 'latin1')).toBe(
        await readFile(join(fixtures, 'sharded', name), 'latin1'),
      );
    }
  });

  test('a new checkpoint replaces the old one: no stale shard, no stale tokenizer; notes and extra files stay', async () => {
    const extraFiles = { 'README.md': '# One', '1_Pooling/config.json': '{}', 'vocab.txt': 'old' };
    await writeCheckpoint(folder, content(1, { extraFiles }), { maxShardBytes: 8 });
    expect(await readdir(folder)).toContain('model-00003-of-00003.safetensors');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await writeCheckpoint(folder, content(2, { extraFiles: { 'README.md': '# Two' } }));
    const names = ['1_Pooling', 'README.md', 'config.json', 'model.safetensors', 'notes.txt'];
    expect((await readdir(folder)).sort()).toEqual([...names, 'tokenizer.json', 'tokenizer_config.json']);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('# Two');
    expect((await readCheckpoint(folder)).config.value).toBe(2);
    expect(await readdir(join(folder, '..'))).toEqual(['model']);
  });

  test('a save that fails half-way leaves the old checkpoint and no trace', async () => {
    await writeCheckpoint(folder, content(1));
    const tensors = new Map([
      ...content(2).tensors,
      ['d', { dtype: 'F32' as const, shape: [9], data: Float32Array.of(1) }],
    ]);
    await expect(writeCheckpoint(folder, content(2, { tensors }))).rejects.toThrow(/tensor "d": shape \[9\]/);
    expect((await readCheckpoint(folder)).config.value).toBe(1);
    expect(await readdir(join(folder, '..'))).toEqual(['model']);
  });

  test('a save killed between its two renames is explained, with the place of the old checkpoint', async () => {
    await writeCheckpoint(join(folder, '..', '.model.1-abcd.old'), content(1));
    await expect(readCheckpoint(folder)).rejects.toThrow(
      /saving was cut short; .*\.model\.1-abcd\.old: rename it back/,
    );
  });

  test('a folder of other things is left alone', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    await expect(writeCheckpoint(folder, content(1))).rejects.toThrow(/holds other things \(thesis\.tex\)/);
    expect(await readdir(folder)).toEqual(['thesis.tex']);
    await expect(writeCheckpoint(join(folder, 'thesis.tex'), content(1))).rejects.toThrow(/is a file; save/);
  });

  test('an empty folder is filled, and a link to a folder stays a link', async () => {
    await mkdir(folder);
    const link = join(folder, '..', 'link');
    await symlink(folder, link);
    await writeCheckpoint(link, content(4));
    expect((await readCheckpoint(folder)).config.value).toBe(4);
  });

  test.each([
    ['../outside', /would lie outside the checkpoint/],
    ['a/../../outside', /would lie outside/],
    ['/outside', /would lie outside/],
    ['./config.json', /is part of every checkpoint/],
    ['model.safetensors', /is part of every checkpoint/],
  ])('the extra file %s is refused', async (path, message) => {
    await expect(writeCheckpoint(folder, content(1, { extraFiles: { [path]: 'x' } }))).rejects.toThrow(message);
  });

  test('maxShardBytes must be a number of bytes', async () => {
    await expect(writeCheckpoint(folder, content(1), { maxShardBytes: 0 })).rejects.toThrow(/maxShardBytes is 0/);
  });
});

test('a left-over model.safetensors beside an index wins, as in Python', async () => {
  await cp(join(fixtures, 'sharded'), folder, { recursive: true });
  await writeSafetensors(join(folder, 'model.safetensors'), content(5).tensors);
  expect(await readWeights(folder)).toEqual((await readSafetensors(join(folder, 'model.safetensors'))).tensors);
});
