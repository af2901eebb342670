// Pictures: files in memory, known by their first bytes, and pixels, encoded as PNG and read back by sharp.

import { inflateSync } from 'node:zlib';
import { RawImage } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { encodePng } from '../../../src/kernel/display/png.js';
import { formsOf, plain } from './forms.js';

const pixels = (channels: number) => Uint8Array.from({ length: 4 * 3 * channels }, (_, at) => (at * 37) % 256);

/** A picture as others encode it. */
const file = (type: 'png' | 'jpeg' | 'gif' | 'webp'): Promise<Buffer> =>
  new RawImage(pixels(3), 4, 3, 3).toSharp().toFormat(type).toBuffer();

test.each([1, 3, 4] as const)('pixels of %i channels survive as PNG', async (channels) => {
  const png = encodePng({ width: 4, height: 3, channels, data: pixels(channels) });
  const back = await RawImage.fromBlob(new Blob([png]));
  expect([back.width, back.height, back.channels]).toEqual([4, 3, channels]);
  expect([...back.data]).toEqual([...pixels(channels)]);
});

test('grey with alpha is written as such', () => {
  const png = encodePng({ width: 4, height: 3, channels: 2, data: pixels(2) });
  // The type of colour, and the rows behind the head of the IDAT chunk, each after its filter.
  expect(png[25]).toBe(4);
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  expect([...rows.subarray(1, 9)]).toEqual([...pixels(2).subarray(0, 8)]);
});

test.each([
  ['png', 'image/png', '[PNG image, 4 x 3 pixels, '],
  ['jpeg', 'image/jpeg', '[JPEG image, 4 x 3 pixels, '],
  ['gif', 'image/gif', '[GIF image, 4 x 3 pixels, '],
  ['webp', 'image/webp', '[WebP image, '],
] as const)('the bytes of a %s file are that picture', async (type, mime, text) => {
  const bytes = await file(type);
  for (const value of [bytes, new Uint8Array(bytes), new Uint8Array(bytes).buffer]) {
    const forms = await formsOf(value);
    expect(forms[mime]).toBe(bytes.toString('base64'));
    expect(forms['text/plain']).toContain(text);
  }
});

test('the bytes of an SVG file are that picture, as text', async () => {
  const source = '<?xml version="1.0"?>\n<!-- a dot -->\n<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>';
  expect(await formsOf(Buffer.from(source))).toEqual({
    'image/svg+xml': source,
    'text/plain': `[SVG image, ${source.length} bytes]`,
  });
  expect(Object.keys(await formsOf(Buffer.from('<html><body><svg></svg></body></html>')))).toEqual(['text/plain']);
});

test('other bytes are text', async () => {
  for (const value of [
    Buffer.from('RIFF1234WAVEfmt '),
    new Uint8Array([0x89, 0x50]),
    Buffer.alloc(0),
    new Uint8Array(20),
  ])
    expect(Object.keys(await formsOf(value))).toEqual(['text/plain']);
});

test('RawImage is a picture', async () => {
  const forms = await formsOf(new RawImage(pixels(3), 4, 3, 3));
  expect(forms['text/plain']).toBe('[image of 4 x 3 pixels, 3 channels]');
  const back = await RawImage.fromBlob(new Blob([Buffer.from(String(forms['image/png']), 'base64')]));
  expect([...back.data]).toEqual([...pixels(3)]);
});

test('a giant picture is shown smaller', async () => {
  const forms = await formsOf(new RawImage(new Uint8ClampedArray(5000 * 100).fill(200), 5000, 100, 1));
  expect(forms['text/plain']).toBe('[image of 5000 x 100 pixels, 1 channel, shown at 1/3 of its size]');
  const back = await RawImage.fromBlob(new Blob([Buffer.from(String(forms['image/png']), 'base64')]));
  expect([back.width, back.height, back.data[0]]).toEqual([1666, 33, 200]);
});

test('a picture of more than 10 MB says how to save it', async () => {
  const bytes = Buffer.alloc(11_000_000);
  bytes.set((await file('png')).subarray(0, 40));
  expect(await plain(bytes)).toMatch(
    /^\[PNG image, 4 x 3 pixels, 11\.0 MB\]\n\(Its form image\/png has 11\.0 MB.*Save its bytes with writeFileSync\('value\.png'/,
  );
});
