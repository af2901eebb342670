// Pictures: files of them in memory, known by their first bytes, and the pixels of transformers.js' RawImage.

import type { MimeBundle } from '../executor/messages.js';
import { encodePng, type Pixels } from './png.js';
import { own } from './read.js';
import { shortNumber, bytes as size } from './words.js';

interface Kind {
  readonly mime: string;
  readonly name: string;
}

/** The picture that these bytes are a file of. */
export function imageKind(bytes: Uint8Array): Kind | undefined {
  if (bytes.length < 12) return undefined;
  const starts = (text: string, at = 0) => {
    for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
    return true;
  };
  if (starts('\x89PNG\r\n\x1a\n')) return { mime: 'image/png', name: 'PNG' };
  if (starts('\xff\xd8\xff')) return { mime: 'image/jpeg', name: 'JPEG' };
  if (starts('GIF87a') || starts('GIF89a')) return { mime: 'image/gif', name: 'GIF' };
  if (starts('RIFF') && starts('WEBP', 8)) return { mime: 'image/webp', name: 'WebP' };
  if (bytes[0] === 0x3c || (bytes[0] === 0xef && bytes[3] === 0x3c)) {
    const head = text(bytes.subarray(0, 2000));
    if (/^\ufeff?(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(head)) {
      return { mime: 'image/svg+xml', name: 'SVG' };
    }
  }
  return undefined;
}

export function imageForms(bytes: Uint8Array): MimeBundle | undefined {
  const kind = imageKind(bytes);
  if (!kind) return undefined;
  const dimensions = dimensionsOf(kind, bytes);
  const plain = `[${kind.name} image${dimensions ? `, ${dimensions} pixels` : ''}, ${size(bytes.length)}]`;
  return { [kind.mime]: kind.mime === 'image/svg+xml' ? text(bytes) : base64(bytes), 'text/plain': plain };
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function dimensionsOf({ name }: Kind, bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (name === 'PNG' && bytes.length >= 24) return `${view.getUint32(16)} x ${view.getUint32(20)}`;
  if (name === 'GIF') return `${view.getUint16(6, true)} x ${view.getUint16(8, true)}`;
  if (name !== 'JPEG') return undefined;
  // Segments, until the one that begins a frame.
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return `${view.getUint16(at + 7)} x ${view.getUint16(at + 5)}`;
  }
  return undefined;
}

/** A larger picture is shown at a fraction of its size. */
const widest = 2000;

/** RawImage of transformers.js, and anything with the same fields. */
export function pixelForms(value: object): MimeBundle | undefined {
  const pixels = pixelsOf(value);
  if (!pixels) return undefined;
  const { width, height, channels } = pixels;
  const step = Math.ceil(Math.max(width, height) / widest);
  const scale = step > 1 ? `, shown at 1/${shortNumber(step)} of its size` : '';
  return {
    'image/png': base64(encodePng(step > 1 ? thin(pixels, step) : pixels)),
    'text/plain': `[image of ${width} x ${height} pixels, ${channels} ${channels === 1 ? 'channel' : 'channels'}${scale}]`,
  };
}

function pixelsOf(value: object): Pixels | undefined {
  const [width, height, data] = [own(value, 'width'), own(value, 'height'), own(value, 'data')];
  if (typeof width !== 'number' || typeof height !== 'number') return undefined;
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) return undefined;
  const channels = own(value, 'channels');
  if (!(width > 0 && height > 0) || typeof channels !== 'number' || ![1, 2, 3, 4].includes(channels)) return undefined;
  return data.length === width * height * channels ? { width, height, channels, data } : undefined;
}

/** Every so-many-th pixel. */
function thin({ width, height, channels, data }: Pixels, step: number): Pixels {
  const small = { width: Math.floor(width / step) || 1, height: Math.floor(height / step) || 1 };
  const kept = new Uint8Array(small.width * small.height * channels);
  let at = 0;
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const from = (y * step * width + x * step) * channels;
      for (let channel = 0; channel < channels; channel++) kept[at++] = data[from + channel] as number;
    }
  }
  return { ...small, channels, data: kept };
}
