/** Every way we know to break a safetensors file: a clear error for each, and never a crash, a hang or a huge allocation. */
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSafetensors, readSafetensors, SafetensorsError } from '../../src/hub/safetensors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of this header text and this many bytes of data; `length` overrides the announced length of the header. */
function file(header: string, dataBytes: number, length?: bigint): Buffer {
  const text = Buffer.from(header);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([start, text, Buffer.alloc(dataBytes)]);
}

function tensor(shape: string, offsets: string, dtype = '"F32"'): string {
  return `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
}

const good = tensor('[2]', '[0,8]');
const cases: [string, Buffer, RegExp][] = [
  ['an empty file', Buffer.alloc(0), /bad\.safetensors: only 0 bytes long/],
  ['less than a length', Buffer.alloc(7), /only 7 bytes long, too short/],
  ['a header longer than the file', file('{}', 0, 99n), /announces a header of 99 bytes, but only 2 follow/],
  ['a header beyond the cap', file('{}', 0, 100_000_001n), /more than the 100000000 allowed/],
  ['the largest length there is', file('{}', 0, 2n ** 64n - 1n), /header of 18446744073709551615 bytes/],
  ['an HTML page', Buffer.from('<!DOCTYPE html><html></html>'), /is it a safetensors file/],
  ['a header that is not JSON', file('{"x": ', 0), /header is not valid JSON/],
  ['a header that is not UTF-8', Buffer.concat([file('', 0, 3n), Buffer.from([0x22, 0xff, 0x22])]), /not valid JSON/],
  ['an empty header', file('', 0), /header is not valid JSON/],
  ['a list for a header', file('[]', 0), /does not start with "\{"/],
  ['a space before the header', file(' {}', 0), /does not start with "\{"/],
  ['nesting without end', file('['.repeat(200_000), 0), /header is not valid JSON/],
  ['metadata that is no map', file('{"__metadata__":[]}', 0), /must map strings to strings/],
  ['metadata of numbers', file('{"__metadata__":{"a":1}}', 0), /must map strings to strings/],
  ['a tensor that is no object', file('{"x":null}', 0), /tensor "x": dtype undefined/],
  [
    'an unknown dtype',
    file(`{"x":${tensor('[2]', '[0,8]', '"F8_E4M3"')}}`, 8),
    /dtype "F8_E4M3" is not one of F32, F16/,
  ],
  ['a dtype every object has', file(`{"x":${tensor('[2]', '[0,8]', '"toString"')}}`, 8), /dtype "toString"/],
  ['a negative size', file(`{"x":${tensor('[-2]', '[0,8]')}}`, 8), /shape \[-2\] must be a list of integers/],
  ['two negative sizes', file(`{"x":${tensor('[-1,-2]', '[0,8]')}}`, 8), /shape \[-1,-2\] must be/],
  ['half a size', file(`{"x":${tensor('[0.5,4]', '[0,8]')}}`, 8), /shape \[0\.5,4\] must be/],
  ['no shape', file(`{"x":${tensor('"2"', '[0,8]')}}`, 8), /shape "2" must be/],
  ['a shape beyond all numbers', file(`{"x":${tensor('[1e308]', '[0,8]')}}`, 8), /shape \[1e\+308\] must be/],
  [
    'a product beyond all numbers',
    file(`{"x":${tensor(`[${'9007199254740991,'.repeat(30)}0]`, '[0,0]')}}`, 0),
    /takes NaN bytes/,
  ],
  [
    'a shape larger than its bytes',
    file(`{"x":${tensor('[1000000000]', '[0,8]')}}`, 8),
    /takes 4000000000 bytes, but .* 8/,
  ],
  ['a shape smaller than its bytes', file(`{"x":${tensor('[1]', '[0,8]')}}`, 8), /takes 4 bytes, but .* span 8/],
  ['offsets beyond the file', file(`{"x":${tensor('[3]', '[0,12]')}}`, 8), /\[0, 12\] reach beyond the 8 bytes/],
  ['offsets that run backwards', file(`{"x":${tensor('[2]', '[8,0]')}}`, 8), /end before they begin/],
  ['a negative offset', file(`{"x":${tensor('[2]', '[-8,0]')}}`, 8), /must be two integers/],
  ['one offset', file(`{"x":${tensor('[2]', '[0]')}}`, 8), /data_offsets \[0\] must be two integers/],
  ['overlapping tensors', file(`{"x":${good},"y":${tensor('[2]', '[4,12]')}}`, 12), /tensor "y": .* overlaps/],
  ['one place for two tensors', file(`{"x":${good},"y":${good}}`, 8), /tensor "y": .* overlaps/],
  ['a gap between tensors', file(`{"x":${good},"y":${tensor('[1]', '[12,16]')}}`, 16), /tensor "y": .* leaves a gap/],
  ['a gap at the start', file(`{"x":${tensor('[1]', '[4,8]')}}`, 8), /tensor "x": .* leaves a gap/],
  ['bytes left over', file(`{"x":${good}}`, 12), /tensors take 8 bytes but 12 follow/],
  ['a name twice', file(`{"x":${good},"y":${tensor('[0]', '[8,8]')},"\\u0078":${good}}`, 8), /tensor "x": .* twice/],
  [
    'a field twice',
    file('{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8),
    /"dtype": .* twice/,
  ],
];

describe('is refused with a clear error', () => {
  test.each(cases)('%s', async (_, bytes, message) => {
    const path = join(folder, 'bad.safetensors');
    await writeFile(path, bytes);
    const error = await readSafetensors(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SafetensorsError);
    expect((error as Error).message).toMatch(message);
    expect(() => parseSafetensors(bytes, 'bad.safetensors')).toThrow(message);
  });
});

test('names that objects have of their own are names like any other', () => {
  const { tensors } = parseSafetensors(file(`{"__proto__":${good},"constructor":${tensor('[0]', '[8,8]')}}`, 8), 'f');
  expect([...tensors.keys()]).toEqual(['__proto__', 'constructor']);
});

test('a good file cut at any byte is refused', async () => {
  const whole = await readFile(new URL('../fixtures/safetensors/kinds.safetensors', import.meta.url));
  for (let length = 0; length < whole.length; length++) {
    expect(() => parseSafetensors(whole.subarray(0, length), 'cut')).toThrow(SafetensorsError);
  }
  const path = join(folder, 'cut.safetensors');
  await writeFile(path, whole);
  await truncate(path, whole.length - 1);
  await expect(readSafetensors(path)).rejects.toThrow(/cut\.safetensors: .*fetch or copy it again/);
});

test('a good file with any byte of its header changed is read or refused, never worse', async () => {
  const whole = await readFile(new URL('../fixtures/safetensors/kinds.safetensors', import.meta.url));
  const headerEnd = 8 + Number(whole.readBigUInt64LE());
  for (let at = 0; at < headerEnd; at++) {
    for (const byte of [0, 0x22, 0x2c, 0x39, 0x5b, 0x7b, 0xff]) {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      try {
        parseSafetensors(changed, 'changed');
      } catch (error) {
        expect(error).toBeInstanceOf(SafetensorsError);
      }
    }
  }
});

test('a missing file is named', async () => {
  await expect(readSafetensors(join(folder, 'absent.safetensors'))).rejects.toThrow(/absent\.safetensors/);
});
