// Unpacks some members of a zip file (a wheel is one) without reading the rest of it, each streamed to disk.
//
//   await unzip('tensorflow.whl', 'folder', (name) => name.endsWith('.so.2'));

import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/**
 * @typedef {object} Member
 * @property {string} name path inside the zip file
 * @property {number} size bytes unpacked
 * @property {number} packed bytes in the zip file
 * @property {number} method 0 stored, 8 deflated
 * @property {number} offset of its local header
 */

/**
 * @param {string} zip path
 * @param {string} folder where the members go, under their own paths; made where it is missing
 * @param {(name: string) => boolean} wanted
 * @param {(done: number, total: number) => void} [onBytes] bytes unpacked so far
 * @returns {Promise<string[]>} names of what was unpacked
 * @throws {Error} where it is no zip file, is cut off, or a member would land outside `folder`
 */
export async function unzip(zip, folder, wanted, onBytes = () => {}) {
  const chosen = (await listZip(zip)).filter(({ name }) => !name.endsWith('/') && wanted(name));
  const total = chosen.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const base = resolve(folder);
  for (const { name, size, packed, method, offset } of chosen) {
    const target = resolve(base, name);
    if (!target.startsWith(base + sep)) throw new Error(`${zip}: the member ${name} would land outside ${folder}`);
    if (method !== 0 && method !== 8) throw new Error(`${zip}: ${name} is packed by method ${method}, not deflate`);
    mkdirSync(dirname(target), { recursive: true });
    const header = await bytesAt(zip, offset, 30);
    const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    let got = 0;
    const count = new Transform({
      transform(chunk, _, next) {
        got += chunk.length;
        onBytes(done + got, total);
        next(null, chunk);
      },
    });
    // A member of no bytes has no range to read.
    const source = packed > 0 ? createReadStream(zip, { start, end: start + packed - 1 }) : Readable.from([]);
    if (method === 8 && packed > 0) await pipeline(source, createInflateRaw(), count, createWriteStream(target));
    else await pipeline(source, count, createWriteStream(target));
    if (got !== size) throw new Error(`${zip}: ${name} holds ${got} bytes, not ${size}`);
    done += size;
  }
  return chosen.map(({ name }) => name);
}

/**
 * The members by the directory at the file's end.
 *
 * @param {string} zip
 * @returns {Promise<Member[]>}
 */
async function listZip(zip) {
  const file = await open(zip);
  const { size } = await file.stat();
  await file.close();
  // The end record is 22 bytes, after which a comment of up to 65,535 bytes may follow.
  const from = Math.max(0, size - 65_557);
  const tail = await bytesAt(zip, from, size - from);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error(`${zip} is no zip file, or is cut off`);
  const directory = await bytesAt(zip, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const members = [];
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error(`${zip}: its directory is damaged`);
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + (name ?? 0)),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return members;
}

/**
 * @param {string} path
 * @param {number} position
 * @param {number} length
 */
async function bytesAt(path, position, length) {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    if (bytesRead < length) throw new Error(`${path} is cut off`);
    return bytes;
  } finally {
    await file.close();
  }
}
