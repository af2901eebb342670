import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameReader, frame, writeFrameSync, writeTextSync } from '../../../src/kernel/executor/frames.js';

/** The bytes that `write` writes to a descriptor. */
function bytes(write: (descriptor: number) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'frames-'));
  try {
    const path = join(folder, 'pipe');
    const descriptor = openSync(path, 'w');
    write(descriptor);
    closeSync(descriptor);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('frames', () => {
  it('carry values, wherever the stream is cut', () => {
    const values = [null, 'text', { a: [1, new Map([[2, new Uint8Array([3])]])] }, 'x'.repeat(100_000)];
    const whole = Buffer.concat(values.map(frame));
    for (const size of [1, 3, 4, 5, 1000, whole.length]) {
      const reader = new FrameReader();
      const seen: unknown[] = [];
      for (let at = 0; at < whole.length; at += size) seen.push(...reader.take(whole.subarray(at, at + size)));
      expect(seen).toEqual(values);
    }
  });

  it('carry printed text in less, and put together what follows one another', () => {
    const whole = bytes((descriptor) => {
      writeTextSync(descriptor, 'c1', 'stdout', 'a');
      writeTextSync(descriptor, 'c1', 'stdout', 'ü😀\n');
      writeTextSync(descriptor, 'c1', 'stderr', 'b');
      writeFrameSync(descriptor, { type: 'done' });
      writeTextSync(descriptor, 'c2', 'stdout', 'long'.repeat(50_000));
      writeTextSync(descriptor, 'c2', 'stdout', '');
    });
    const expected = [
      { type: 'stream', context: 'c1', name: 'stdout', text: 'aü😀\n' },
      { type: 'stream', context: 'c1', name: 'stderr', text: 'b' },
      { type: 'done' },
      { type: 'stream', context: 'c2', name: 'stdout', text: 'long'.repeat(50_000) },
    ];
    expect(new FrameReader().take(whole)).toEqual(expected);
    const reader = new FrameReader();
    const pieces = [...whole].flatMap((byte) => reader.take(Buffer.of(byte))) as { context?: string; text?: string }[];
    expect(pieces.map(({ text = '' }) => text).join('')).toBe(expected.map(({ text = '' }) => text).join(''));
  });
});
