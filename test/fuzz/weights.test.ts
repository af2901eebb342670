/** 6,500 damaged weights files and indices: read, or refused in a sentence; never a crash, a hang or a huge allocation. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWeights } from '../../src/hub/checkpoint.js';
import { readPytorchBin } from '../../src/hub/pytorch-bin.js';
import { seededRandom } from '../../src/hub/random.js';
import { parseSafetensors, readSafetensors } from '../../src/hub/safetensors.js';
import { Judge } from './judge.js';
import { flipBit, mutateBytes, mutateJson, type Random } from './mutations.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The same file with its header damaged as JSON, its length put right. */
function mutateHeader(whole: Buffer, random: Random): Buffer {
  const end = 8 + Number(whole.readBigUInt64LE());
  const header = Buffer.from(mutateJson(whole.toString('utf8', 8, end), random));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, whole.subarray(end)]);
}

test.each(['kinds', 'integers', 'whole/model'])('safetensors: %s', async (name) => {
  const whole = await readFile(join(fixtures, 'safetensors', `${name}.safetensors`));
  const path = join(folder, 'damaged.safetensors');
  const judge = new Judge(/damaged\.safetensors: /);
  for (let seed = 0; seed < 1000; seed++) {
    const random = seededRandom(seed);
    const bytes = seed % 2 === 0 ? mutateBytes(whole, random) : mutateHeader(whole, random);
    await judge.judge(`seed ${seed}`, () => parseSafetensors(bytes, path));
    if (seed % 10 > 0) continue;
    await writeFile(path, bytes);
    await judge.judge(`seed ${seed}, from disk`, () => readSafetensors(path));
  }
  judge.conclude();
});

test.each([
  ['safetensors/sharded', 'model.safetensors.index.json'],
  ['pytorch-bin/sharded', 'pytorch_model.bin.index.json'],
])('index: %s', async (name, index) => {
  const model = join(folder, name.replace('/', '-'));
  await cp(join(fixtures, name), model, { recursive: true });
  const text = await readFile(join(model, index), 'utf8');
  const judge = new Judge(/index\.json|weight "/);
  for (let seed = 0; seed < 500; seed++) {
    await writeFile(join(model, index), mutateJson(text, seededRandom(seed)));
    await judge.judge(`seed ${seed}`, () => readWeights(model));
  }
  judge.conclude();
});

/** The same archive with its pickle damaged, its check sums put right: so the damage reaches the machine that reads it. */
function mutatePickle(whole: Buffer, random: Random, mutate = mutateBytes): Buffer {
  const entries: Zippable = {};
  for (const [name, bytes] of Object.entries(unzipSync(whole))) {
    entries[name] = [name.endsWith('data.pkl') ? mutate(bytes, random) : bytes, { level: 0 }];
  }
  return Buffer.from(zipSync(entries));
}

test.each(['zip-2', 'zip-5', 'stream-2', 'stream-4', 'zip64'])('pytorch_model.bin: %s', async (name) => {
  const whole = await readFile(join(fixtures, 'pytorch-bin', `${name}.bin`));
  const path = join(folder, 'damaged.bin');
  const judge = new Judge(/damaged\.bin: /);
  for (let seed = 0; seed < 500; seed++) {
    const random = seededRandom(seed);
    const inside = name.startsWith('zip-') && seed % 4 > 0;
    await writeFile(path, inside ? mutatePickle(whole, random) : mutateBytes(whole, random));
    await judge.judge(`seed ${seed}`, () => readPytorchBin(path));
  }
  judge.conclude();
});

test('what is read in spite of damage is as long as its shape says', async () => {
  const whole = await readFile(join(fixtures, 'pytorch-bin', 'zip-2.bin'));
  const path = join(folder, 'read.bin');
  let read = 0;
  for (let seed = 0; seed < 200; seed++) {
    await writeFile(path, mutatePickle(whole, seededRandom(seed), flipBit));
    const tensors = await readPytorchBin(path).catch(() => new Map<string, never>());
    for (const { shape, data } of tensors.values() as Iterable<{
      shape: readonly number[];
      data: { length: number };
    }>) {
      expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
      read++;
    }
  }
  expect(read).toBeGreaterThan(100);
});
