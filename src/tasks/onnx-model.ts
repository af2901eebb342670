// loadOnnx: an exported model, run as it will be where it is deployed, on ONNX Runtime.
//
//   const small = await loadOnnx('out/reviews-onnx', { dtype: 'int8' });
//   const { accuracy, millisecondsPerRow } = await evaluate(small, reviews.test);
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hostTensor, OnnxFile } from '../engine/index.js';
import { parseJson } from '../hub/json-text.js';
import { type Prediction, type Predictor, predictionOf, softmax } from './prediction.js';
import { loadTokenizer, type TextTokenizer } from './tokenizer.js';

/** How weights are stored in a .onnx file. */
export type OnnxDType = 'fp32' | 'fp16' | 'int8';

/** Where each lies in a folder: the names transformers.js looks for, by its dtypes fp32, fp16 and q8. */
export const onnxFiles: Readonly<Record<OnnxDType, string>> = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  int8: 'onnx/model_quantized.onnx',
};

export interface LoadOnnxOptions {
  /** Default 'fp32'. */
  readonly dtype?: OnnxDType;
  /** Threads one operator may use; 0 leaves the choice to ONNX Runtime. Default 0. */
  readonly threads?: number;
}

const batchSize = 32;

/** A text classifier read from a folder that exportOnnx wrote. */
export class OnnxClassifier implements Predictor {
  constructor(
    readonly name: string,
    readonly dtype: OnnxDType,
    readonly labels: readonly string[],
    /** Longest input in tokens; longer texts are cut. */
    readonly maxLength: number,
    /** Size of its file. */
    readonly bytes: number,
    readonly tokenizer: TextTokenizer,
    readonly graph: OnnxFile,
  ) {}

  /** The label of each text with its probabilities, in the order given. An empty list gives an empty list. */
  async predict(texts: readonly string[]): Promise<Prediction[]> {
    const encoded = texts.map((text) => this.tokenizer.encode(text, this.maxLength));
    const ids = encoded.map((text) => text.ids);
    const length = (row: number) => (ids[row] as readonly number[]).length;
    // Texts of like length together: each batch is only as long as its longest.
    const order = texts.map((_, row) => row).sort((a, b) => length(a) - length(b));
    const predictions: Prediction[] = [];
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.slice(start, start + batchSize);
      const { data } = await this.#logits(rows.map((row) => ids[row] as readonly number[]));
      rows.forEach((row, i) => {
        const logits = Array.from(data.subarray(i * this.labels.length, (i + 1) * this.labels.length));
        predictions[row] = predictionOf(texts[row] as string, this.labels, softmax(logits), encoded[row]?.dropped);
      });
      await new Promise(setImmediate); // lets a notebook's Stop button through
    }
    return predictions;
  }

  async #logits(ids: readonly (readonly number[])[]) {
    const length = Math.max(...ids.map((row) => row.length));
    const shape = [ids.length, length];
    const fill = (padding: number, value: (id: number) => number) => {
      const values = new Int32Array(ids.length * length).fill(padding);
      ids.forEach((row, i) => {
        values.set(row.map(value), i * length);
      });
      return hostTensor(values, shape);
    };
    const { logits } = await this.graph.run({
      input_ids: fill(this.tokenizer.padId, (id) => id),
      attention_mask: fill(0, () => 1),
      token_type_ids: fill(0, () => 0),
    });
    if (logits === undefined) throw new Error(`${this.graph.path} has no output "logits".`);
    return logits;
  }

  /** Unloads the graph. */
  async dispose(): Promise<void> {
    await this.graph.release();
  }
}

/**
 * Loads a folder that exportOnnx wrote: config.json, tokenizer.json, tokenizer_config.json, and a file in onnx/.
 * @throws Error naming the file that is missing
 */
export async function loadOnnx(
  folder: string,
  { dtype = 'fp32', threads }: LoadOnnxOptions = {},
): Promise<OnnxClassifier> {
  const path = join(folder, onnxFiles[dtype] ?? '');
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
  if (size === undefined)
    throw new Error(
      `There is no ${onnxFiles[dtype] ?? `dtype "${dtype}"`} in ${folder}. Write it with model.exportOnnx('${folder}', { dtypes: ['${dtype}'] }); the dtypes are ${Object.keys(onnxFiles).join(', ')}.`,
    );
  const [config, tokenizerJson, tokenizerConfig] = (await Promise.all(
    ['config.json', 'tokenizer.json', 'tokenizer_config.json'].map(async (name) => {
      const path = join(folder, name);
      return parseJson(await readFile(path, 'utf8'), path);
    }),
  )) as [Record<string, unknown>, object, Record<string, unknown>];
  const labels = Object.entries((config.id2label ?? {}) as Record<string, string>)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label);
  if (labels.length === 0) throw new Error(`${join(folder, 'config.json')} has no id2label, the names of the labels.`);
  const longest = Math.min(
    ...[tokenizerConfig.model_max_length, config.max_position_embeddings].map((one) => Number(one ?? Infinity)),
  );
  const tokenizer = loadTokenizer(tokenizerJson, tokenizerConfig);
  const graph = await OnnxFile.open(path, threads === undefined ? {} : { threads });
  return new OnnxClassifier(folder, dtype, labels, longest, size, tokenizer, graph);
}
