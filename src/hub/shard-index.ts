/**
 * `model.safetensors.index.json`, `pytorch_model.bin.index.json`: which file of a sharded checkpoint holds which weight.
 *
 *     { "metadata": { "total_size": 3560 }, "weight_map": { "classifier.bias": "model-00002-of-00002.safetensors" } }
 *
 * Shards are cut as Python's `huggingface_hub` cuts them, so the same weights give the same files.
 */
import { jsonText, parseJson } from './json-text.js';
import { type StoredTensor, storedByteLength } from './safetensors.js';
import { shown } from './shown.js';

/** The one file of a checkpoint that is not sharded. */
export const WEIGHTS_FILE = 'model.safetensors';

/** The index of a checkpoint that is. */
export const INDEX_FILE = 'model.safetensors.index.json';

/** How a checkpoint may hold its weights: in one file, or in shards and an index. */
export interface WeightFormat {
  readonly whole: string;
  readonly index: string;
  /** How the names of its files end. */
  readonly ending: string;
}

/** What we read, best first: where a checkpoint has several, the first wins, as it does in Python. */
export const WEIGHT_FORMATS: readonly WeightFormat[] = [
  { whole: WEIGHTS_FILE, index: INDEX_FILE, ending: '.safetensors' },
  { whole: 'pytorch_model.bin', index: 'pytorch_model.bin.index.json', ending: '.bin' },
];

/** Names of weights mapped to names of files. */
export type WeightMap = ReadonlyMap<string, string>;

/**
 * Reads the text of an index.
 * @param file path of the index, whose name says what its shards are; names it in errors
 * @throws Error if it is not JSON, has no `weight_map`, or names a file outside its own folder
 */
export function parseShardIndex(text: string, file: string): WeightMap {
  const weightMap = (parseJson(text, file) as { weight_map?: unknown } | null)?.weight_map;
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw new Error(`${file} has no "weight_map" from weights to files; fetch or copy it again.`);
  }
  const ending = WEIGHT_FORMATS.find(({ index }) => file.endsWith(index))?.ending ?? '.safetensors';
  for (const [weight, shard] of Object.entries(weightMap)) {
    // A stranger's index must not make us read, or fetch, anything but a file of this checkpoint.
    if (typeof shard !== 'string' || !/^[\w][\w.-]*$/.test(shard) || !shard.endsWith(ending)) {
      throw new Error(
        `${file} places the weight ${shown(weight)} in ${shown(shard)}, which is not the name of a ${ending} file beside it.`,
      );
    }
  }
  return new Map(Object.entries(weightMap as Record<string, string>));
}

/**
 * Cuts weights into files of at most `maxShardBytes` (a single larger weight gets a file to itself), in the order given.
 * @returns files by name, and the text of the index; one file named `model.safetensors` and no index if all fits
 */
export function planShards(
  tensors: ReadonlyMap<string, StoredTensor>,
  maxShardBytes: number,
): { files: Map<string, Map<string, StoredTensor>>; indexText: string | undefined } {
  if (!(maxShardBytes > 0)) throw new Error(`maxShardBytes is ${maxShardBytes}; it must be a number of bytes above 0.`);
  const shards: Map<string, StoredTensor>[] = [];
  let current = new Map<string, StoredTensor>();
  let currentBytes = 0;
  let totalBytes = 0;
  let totalParameters = 0;
  for (const [name, tensor] of tensors) {
    const bytes = storedByteLength(tensor);
    totalBytes += bytes;
    totalParameters += tensor.data.length;
    if (bytes > maxShardBytes) {
      shards.push(new Map([[name, tensor]]));
      continue;
    }
    if (currentBytes + bytes > maxShardBytes) {
      shards.push(current);
      current = new Map();
      currentBytes = 0;
    }
    current.set(name, tensor);
    currentBytes += bytes;
  }
  if (current.size > 0 || shards.length === 0) shards.push(current);
  if (shards.length === 1) return { files: new Map([[WEIGHTS_FILE, shards[0]!]]), indexText: undefined };
  const files = new Map(shards.map((shard, i) => [shardName(i + 1, shards.length), shard]));
  const places = [...files].flatMap(([file, shard]) => [...shard.keys()].map((name): [string, string] => [name, file]));
  places.sort(([a], [b]) => (a < b ? -1 : 1));
  const metadata = { total_parameters: totalParameters, total_size: totalBytes };
  return { files, indexText: jsonText({ metadata, weight_map: Object.fromEntries(places) }) };
}

function shardName(number: number, count: number): string {
  const digits = (n: number): string => String(n).padStart(5, '0');
  return `model-${digits(number)}-of-${digits(count)}.safetensors`;
}
