/**
 * Reads `pytorch_model.bin`, the format of checkpoints before safetensors: a Python pickle that says how tensors lie in
 * raw storages. The pickle is read by a machine that can build tensors and nothing else (`pickle.ts`), so no code of the
 * file ever runs. Both layouts of torch.save: the zip archive (since PyTorch 1.6) and the stream before it.
 *
 *     const tensors = await readPytorchBin('pytorch_model.bin');
 *     tensors.get('classifier.bias');     // { dtype: 'F32', shape: [2], data: Float32Array(2) }
 *
 * Tied weights, which share a storage in the file, share their array here. Format: torch/serialization.py.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { MAX_PICKLE_BYTES, readPickle } from './pickle.js';
import { CUT_SHORT, PytorchFileError, SAVE_AGAIN } from './pytorch-file-error.js';
import { type FileTensor, PytorchHost, type StorageRef, stateTensors } from './pytorch-pickle.js';
import { readExactly } from './read-exactly.js';
import type { StoredTensor } from './safetensors.js';
import { shown } from './shown.js';
import { bytesOf, bytesPerElement, fileArray, inMemory, type NumberArray } from './stored-dtype.js';
import { TensorViews } from './tensor-views.js';
import { ZipArchive } from './zip-archive.js';

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const STREAM_VERSION = 1001;

/** Finds a storage that must have this many bytes, before any memory is taken for it; what it returns reads them. */
type FindStorage = (storage: StorageRef, bytes: number) => (into: Uint8Array) => Promise<void>;

/**
 * @returns the tensors by their names, in the order of the file
 * @throws PytorchFileError if the file asks Python for anything but tensors, or is malformed in any way; the system's error
 *   if it cannot be opened
 */
export async function readPytorchBin(path: string): Promise<Map<string, StoredTensor>> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(Math.min(40, size));
    await readExactly(file, start, 0);
    if (start.length >= 4 && start.readUInt32LE(0) === 0x04034b50) return await readZip(file, size, path);
    if (start[0] === 0x80) return await readStream(file, size, path);
    throw new PytorchFileError(path, notOurs(start));
  } finally {
    await file.close();
  }
}

function notOurs(start: Buffer): string {
  if (start.length === 0) return `it is empty; ${CUT_SHORT}`;
  if (start.toString('latin1').startsWith('version https://git-lfs')) {
    return 'it is only a pointer of Git LFS, not the weights; run `git lfs pull` in its repository';
  }
  return `it is no file of torch.save; ${CUT_SHORT}`;
}

async function readZip(file: FileHandle, size: number, path: string): Promise<Map<string, StoredTensor>> {
  const archive = await ZipArchive.open(file, size, path);
  const names = [...archive.entries.keys()];
  const pickles = names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw new PytorchFileError(
      path,
      `it has ${pickles.length} data.pkl where a file of torch.save has one; ${CUT_SHORT}`,
    );
  }
  const root = pickles[0]!.slice(0, -'/data.pkl'.length);
  if (names.includes(`${root}/constants.pkl`)) {
    throw new PytorchFileError(path, `it is a TorchScript program, which would have to be run; ${SAVE_AGAIN}`);
  }
  const textOf = async (name: string, most: number): Promise<Buffer> => {
    const { size } = archive.entries.get(name) ?? { size: 0 };
    if (size > most) throw new PytorchFileError(path, `its ${shown(name)} has ${size} bytes, more than any has`);
    const bytes = Buffer.alloc(size);
    if (size > 0) await archive.read(name, bytes);
    return bytes;
  };
  const byteOrder = (await textOf(`${root}/byteorder`, 100)).toString('latin1');
  if (byteOrder !== '' && byteOrder !== 'little') throw bigEndian(path);
  const host = new PytorchHost(path);
  const { value } = readPickle(await textOf(pickles[0]!, MAX_PICKLE_BYTES), 0, host);
  return build(stateTensors(value, path), path, size, (storage, bytes) => {
    const name = `${root}/data/${storage.key}`;
    const entry = archive.entries.get(name);
    if (entry?.size !== bytes) throw wrongStorage(path, storage, entry?.size, bytes);
    return (into) => archive.read(name, into);
  });
}

/** Five pickles (magic number, version, system, tensors, keys of storages), then the storages: a count, then the numbers. */
async function readStream(file: FileHandle, size: number, path: string): Promise<Map<string, StoredTensor>> {
  const head = Buffer.alloc(Math.min(size, MAX_PICKLE_BYTES));
  await readExactly(file, head, 0);
  const host = new PytorchHost(path);
  let at = 0;
  const next = (): unknown => {
    const { value, end } = readPickle(head, at, host);
    at = end;
    return value;
  };
  if (next() !== MAGIC_NUMBER) {
    throw new PytorchFileError(
      path,
      `it is a pickle, but not one of torch.save: it lacks its magic number; ${CUT_SHORT}`,
    );
  }
  const version = next();
  if (version !== STREAM_VERSION)
    throw new PytorchFileError(path, `its version is not ${STREAM_VERSION}; ${SAVE_AGAIN}`);
  const system = next();
  if (system instanceof Map && system.get('little_endian') === false) throw bigEndian(path);
  const tensors = stateTensors(next(), path);
  const keys = next();
  if (!Array.isArray(keys)) throw new PytorchFileError(path, `it lists no storages; ${CUT_SHORT}`);

  const places = new Map<unknown, number>();
  for (const key of keys) {
    const storage = host.storages.get(key);
    if (storage === undefined || places.has(key)) {
      throw new PytorchFileError(path, `it lists a storage twice, or one that no tensor has; ${CUT_SHORT}`);
    }
    const count = Buffer.alloc(8);
    if ((await readExactly(file, count, at)) < 8) throw new PytorchFileError(path, `it lacks a storage; ${CUT_SHORT}`);
    const bytes = storage.elements * bytesPerElement(storage.dtype);
    if (count.readBigInt64LE() !== BigInt(storage.elements) || at + 8 + bytes > size) {
      throw wrongStorage(path, storage, size - at - 8, bytes);
    }
    places.set(key, at + 8);
    at += 8 + bytes;
  }
  if (at !== size) throw new PytorchFileError(path, `${size - at} bytes follow its last storage; ${CUT_SHORT}`);
  return build(tensors, path, size, (storage, bytes) => {
    const place = places.get(storage.key);
    if (place === undefined) throw wrongStorage(path, storage, undefined, bytes);
    return async (into) => {
      if ((await readExactly(file, into, place)) < bytes) throw wrongStorage(path, storage, size - place, bytes);
    };
  });
}

async function build(
  tensors: ReadonlyMap<string, FileTensor>,
  path: string,
  fileSize: number,
  find: FindStorage,
): Promise<Map<string, StoredTensor>> {
  const arrays = new Map<string, NumberArray>();
  // Views that cannot be had without a copy may take a few times what the file has, not more.
  const views = new TensorViews(path, 4 * fileSize);
  const built = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const { storage, shape } = tensor;
    views.check(name, tensor);
    let array = arrays.get(storage.key);
    if (array === undefined) {
      const read = find(storage, storage.elements * bytesPerElement(storage.dtype));
      const raw = fileArray(storage.dtype, storage.elements);
      await read(bytesOf(raw));
      array = inMemory(storage.dtype, raw);
      arrays.set(storage.key, array);
    }
    built.set(name, { dtype: storage.dtype, shape, data: views.view(tensor, array) });
  }
  return built;
}

function wrongStorage(path: string, { key }: StorageRef, found: number | undefined, wanted: number): PytorchFileError {
  const has = found === undefined ? 'is missing' : `has ${found} bytes`;
  return new PytorchFileError(path, `its storage ${shown(key)} ${has} where ${wanted} are announced; ${CUT_SHORT}`);
}

function bigEndian(path: string): PytorchFileError {
  return new PytorchFileError(path, `it was written on a big-endian machine; ${SAVE_AGAIN}`);
}
