// How far a download has come is counted from what is there, also while pip makes and removes folders in it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { bytesIn } from '../../src/setup/wheel.mjs';

test('counts the bytes of a folder and of those in it; nothing where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
  mkdirSync(join(folder, 'pip', 'unpack'), { recursive: true });
  writeFileSync(join(folder, 'a.whl'), 'abc');
  writeFileSync(join(folder, 'pip', 'unpack', 'b.whl'), 'defgh');
  expect(bytesIn(folder)).toBe(8);
  rmSync(folder, { recursive: true });
  expect(bytesIn(folder)).toBe(0);
});

test('bears folders that vanish while it counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
  const busy = new Worker(
    `const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
     const { workerData: folder, parentPort } = require('node:worker_threads');
     for (let i = 0; i < 2000; i++) {
       mkdirSync(folder + '/tracker/' + i, { recursive: true });
       writeFileSync(folder + '/tracker/' + i + '/file', 'x');
       rmSync(folder + '/tracker', { recursive: true });
     }
     parentPort.postMessage('done');`,
    { eval: true, workerData: folder },
  );
  let done = false;
  busy.on('message', () => {
    done = true;
  });
  let counts = 0;
  while (!done) {
    for (let i = 0; i < 50; i++, counts++) expect(bytesIn(folder)).toBeLessThanOrEqual(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(counts).toBeGreaterThan(50);
  await busy.terminate();
  rmSync(folder, { recursive: true });
});
