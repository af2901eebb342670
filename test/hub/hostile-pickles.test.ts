/** Files in PyTorch's format that ask for more than tensors (test/python/make_pickles.py): refused by name, nothing run. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readPickle } from '../../src/hub/pickle.js';
import { readPytorchBin } from '../../src/hub/pytorch-bin.js';
import { PytorchFileError } from '../../src/hub/pytorch-file-error.js';

const folder = fileURLToPath(new URL('../fixtures/pytorch-bin/hostile/', import.meta.url));

/** What each file asks for, as its error says it. */
const cases: Record<string, RegExp> = {
  'os-system':
    /asks Python for "posix\.system", which no file of weights needs\. It was refused, nothing of it was run/,
  'os-system-stream': /"posix\.system"/,
  bare: /"posix\.system"/,
  eval: /"__builtin__\.eval"/,
  exec: /"__builtin__\.exec"/,
  getattr: /"__builtin__\.getattr"/,
  nested: /"__builtin__\.eval"/,
  'in-attributes': /"posix\.system"/,
  'in-hooks': /"__builtin__\.eval"/,
  'as-key': /"__builtin__\.eval"/,
  'torch-load': /"torch\.serialization\.load"/,
  numpy: /"numpy\._core\.multiarray\._reconstruct"/,
  object: /"__main__\.Object"/,
  module: /"torch\.nn\.modules\.linear\.Linear"/,
  inst: /opcode 0x53 at byte 3/,
  'inst-mark': /an object of "os\.system"/,
  obj: /"os\.system"/,
  dotted: /"collections\.OrderedDict\.__init__"/,
  extension: /an extension registered by number/,
  'text-persid': /opcode 0x50 at byte 2/,
  buffer: /opcode 0x97 at byte 2/,
  'memo-bomb': /it holds a list under "x" where a dictionary of weights has a tensor/,
  'deep-lists': /it holds a list, not a dictionary/,
  'deep-tuples': /it holds a tuple, not a dictionary/,
  'many-objects': /makes more than 300000 objects/,
  'long-text': /its pickle ends at byte \d+; it was probably cut short/,
  'longer-text': /its pickle ends at byte/,
  'long-integer': /opcode 0x8b/,
  'far-memo': /recalls value 4294967294, which it never kept/,
  'beyond-storage': /"weight" of shape \[5\], strides \[1\] and offset 0 reaches beyond its storage of 4 elements/,
  'offset-beyond': /reaches beyond its storage of 4 elements/,
  'stride-beyond': /reaches beyond its storage of 4 elements/,
  'negative-stride': /the strides of a tensor must be a short tuple of whole numbers of 0 or more/,
  'negative-size': /the shape of a tensor must be/,
  'negative-offset': /begins at a place that is no whole number of 0 or more/,
  'size-of-floats': /the shape of a tensor must be/,
  'strides-missing': /shape \[2,2\] but the strides \[1\]/,
  'huge-view': /far larger than the file/,
  'huge-product': /far larger than the file/,
  'huge-storage': /storage is not described as PyTorch does|its storage "0" has 16 bytes where/,
  'negative-storage': /storage is not described as PyTorch does/,
  'short-storage': /its storage "0" has 16 bytes where 20 are announced/,
  'no-storage': /its storage "\.\.\/\.\.\/etc\/passwd" is missing/,
  'unknown-storage': /"torch\.ComplexFloatStorage"/,
  'deflate-bomb': /has \d+ bytes but would unpack to 8000\d+/,
};

test('every hostile file is listed here', async () => {
  expect((await readdir(folder)).sort()).toEqual(
    Object.keys(cases)
      .map((name) => `${name}.bin`)
      .sort(),
  );
});

test.each(Object.entries(cases))('%s', async (name, message) => {
  const before = process.memoryUsage();
  const error = await readPytorchBin(join(folder, `${name}.bin`)).catch((caught: unknown) => caught);
  const after = process.memoryUsage();
  expect(error).toBeInstanceOf(PytorchFileError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toContain(`${name}.bin: `);
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(150e6);
});

test('a pickle of millions of steps that lead nowhere', () => {
  const bytes = Buffer.alloc(4e6, 'N0');
  bytes.set([0x80, 2]);
  const host = { file: 'idle.bin', global: () => undefined, persistent: () => undefined };
  expect(() => readPickle(bytes, 0, host)).toThrow(/^idle\.bin: its pickle takes more than 3000000 steps/);
});
