// exportOnnx: a trained classifier as a folder that transformers.js opens in Node.js and in a page, and any ONNX runtime.
//
//   await model.exportOnnx('out/reviews-onnx', { test: reviews.test });
//   // out/reviews-onnx/onnx/model.onnx, model_fp16.onnx, model_quantized.onnx
//   // out/reviews-onnx/config.json, tokenizer.json, tokenizer_config.json, README.md
//   // const classify = await pipeline('text-classification', './out/reviews-onnx', { dtype: 'q8' });
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  type DynamicInput,
  encodeModel,
  halfWeights,
  type ModelDef,
  quantizeWeights,
  recordDynamic,
  sizeOf,
  type tf,
  type Weights,
  wideInputs,
  withWeights,
} from '../engine/index.js';
import { writeAll, writeFileAtomically } from '../hub/atomic-file.js';
import { writeFolderAtomically } from '../hub/atomic-folder.js';
import { configText } from '../hub/config-text.js';
import { jsonText } from '../hub/json-text.js';
import type { Encoder } from '../models/encoder.js';
import type { Params } from '../nn/pass.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { type CardFile, cardScore, type ModelCardFacts, modelCard } from './model-card.js';
import { type DescribedModel, modelFacts } from './model-facts.js';
import { loadOnnx, type OnnxDType, onnxFiles } from './onnx-model.js';
import { hasOwnReadme } from './own-readme.js';
import type { TokenizerFiles } from './tokenizer.js';

export interface ExportOnnxOptions {
  /**
   * How the weights are stored; one file each. Default all three.
   *
   * - `fp32`: as trained.
   * - `fp16`: matrices as float16, half the file. The graph computes with float32 still, so every runtime runs it.
   * - `int8`: matrices and tables as int8, a quarter of the file, and matrix products in whole numbers; activations are
   *   quantised when the graph runs, each batch by its own range (ONNX Runtime calls it dynamic quantisation). The head stays
   *   float32. Scores move by some hundredths, those of a few texts by more: measure it with `test`.
   */
  readonly dtypes?: readonly OnnxDType[];
  /** Labelled texts nobody trained on: each file is measured on them, for the result and for the card. */
  readonly test?: readonly { readonly text: string; readonly label: number }[];
  /** What the model card should say beyond what the model itself knows: data, settings, licence, limits. */
  readonly card?: Partial<ModelCardFacts>;
}

export interface ExportedFile {
  readonly dtype: OnnxDType;
  readonly file: string;
  readonly bytes: number;
  /** Scores on the test rows, and the time a row took; absent where there were none. */
  readonly evaluation?: Evaluation;
}

/** A file measured on test rows. */
export interface MeasuredFile extends ExportedFile {
  readonly evaluation: Evaluation;
}

/** Options with rows to measure each file on. */
export type MeasuringOptions = ExportOnnxOptions & Required<Pick<ExportOnnxOptions, 'test'>>;

/** What is exported: a classifier whose adapters are merged. */
export interface OnnxSource extends DescribedModel {
  readonly encoder: Encoder;
  readonly weights: Weights;
  /** config.json as it is saved. */
  readonly savedConfig: Readonly<Record<string, unknown>>;
  readonly tokenizerFiles: TokenizerFiles;
}

const formats: Readonly<Record<OnnxDType, string>> = { fp32: 'float32', fp16: 'float16', int8: 'int8' };

/**
 * Writes the folder, whole or not at all; an earlier one is replaced, and what else lies in it is kept, a README that somebody
 * wrote too.
 * @returns the files in the order of the dtypes
 * @throws TraceError if the encoder does what depends on a text's length in a way no graph can compute
 */
export async function exportOnnx(
  source: OnnxSource,
  folder: string,
  { dtypes = ['fp32', 'fp16', 'int8'], test, card = {} }: ExportOnnxOptions = {},
): Promise<ExportedFile[]> {
  const unknown = dtypes.find((dtype) => !Object.hasOwn(onnxFiles, dtype));
  if (unknown !== undefined || dtypes.length === 0)
    throw new RangeError(
      `exportOnnx takes a list of the dtypes ${Object.keys(onnxFiles).join(', ')}; got [${dtypes.join(', ')}].`,
    );
  const graph = inferenceGraph(source);
  const { tokenizerJson, tokenizerConfig } = source.tokenizerFiles;
  const texts = {
    'config.json': configText(source.savedConfig),
    'tokenizer.json': jsonText(tokenizerJson),
    // Where transformers.js, like Python, cuts texts.
    'tokenizer_config.json': jsonText({ ...tokenizerConfig, model_max_length: source.maxLength }),
  };
  const keepsReadme = await hasOwnReadme(folder);
  const exported: ExportedFile[] = [];
  await writeFolderAtomically(
    folder,
    async (staged) => {
      const put = (path: string, content: string | Uint8Array) =>
        writeFileAtomically(join(staged, path), (file) =>
          writeAll(file, typeof content === 'string' ? Buffer.from(content) : content),
        );
      for (const [name, content] of Object.entries(texts)) await put(name, content);
      for (const dtype of new Set(dtypes)) {
        const bytes = encodeModel(smaller(graph, dtype, source));
        await put(onnxFiles[dtype], bytes);
        const measured = test && { evaluation: await measure(staged, dtype, test) };
        exported.push({ dtype, file: join(folder, onnxFiles[dtype]), bytes: bytes.length, ...measured });
      }
      if (!keepsReadme) await put('README.md', modelCard(cardFacts(source, folder, exported, card)));
    },
    {
      holds: 'an exported model',
      marker: 'config.json',
      replaced: /^(config\.json|tokenizer.*|special_tokens_map\.json|onnx)$/,
    },
  );
  return exported;
}

/** What transformers.js feeds, under its names: int64 [batch, sequence]. */
const inputNames = ['input_ids', 'attention_mask', 'token_type_ids'] as const;
type GraphInputs = Record<(typeof inputNames)[number], tf.Tensor> & { params: Params };

/** The graph for inference: token ids of any number and length in, logits [batch, labels] out, weights under their own names. */
export function inferenceGraph({ encoder, weights }: Pick<OnnxSource, 'encoder' | 'weights'>): ModelDef {
  const ids: DynamicInput = { dtype: 'int32', shape: ['batch', 'sequence'] };
  const recorded = recordDynamic(
    ({ params, input_ids: inputIds, attention_mask: attentionMask, token_type_ids: tokenTypeIds }: GraphInputs) => {
      const outputs = encoder.encode(params, { inputIds, attentionMask, tokenTypeIds }, {});
      return { logits: encoder.head.logits(params, outputs, {}) };
    },
    { params: Object.fromEntries(weights), input_ids: ids, attention_mask: ids, token_type_ids: ids },
    { batch: {}, sequence: { longest: encoder.maxLength } },
  );
  return wideInputs(withWeights(recorded, 'params.', weights), inputNames);
}

function smaller(graph: ModelDef, dtype: OnnxDType, { encoder, weights }: OnnxSource): ModelDef {
  if (dtype === 'fp32') return graph;
  const matrices = [...weights].filter(([, { dtype: type, shape }]) => type === 'float32' && shape.length === 2);
  if (dtype === 'fp16')
    return halfWeights(graph, new Set(matrices.filter(([, { shape }]) => sizeOf(shape) >= 1024).map(([name]) => name)));
  // Tables of a few rows, such as token types, would save next to nothing.
  const large = matrices.filter(([name, { shape }]) => !encoder.head.isHead(name) && (shape[0] as number) > 16);
  return quantizeWeights(graph, new Set(large.map(([name]) => name)));
}

async function measure(
  folder: string,
  dtype: OnnxDType,
  rows: readonly { text: string; label: number }[],
): Promise<Evaluation> {
  const model = await loadOnnx(folder, { dtype });
  try {
    await model.predict(rows.slice(0, 8).map(({ text }) => text)); // the first run sets up what later ones use
    return await evaluate(model, rows);
  } finally {
    await model.dispose();
  }
}

function cardFacts(
  source: OnnxSource,
  folder: string,
  exported: readonly ExportedFile[],
  given: Partial<ModelCardFacts>,
): ModelCardFacts {
  const files = exported.map(
    ({ dtype, bytes, evaluation }): CardFile => ({
      format: formats[dtype],
      path: onnxFiles[dtype],
      bytes,
      ...(evaluation ? { score: cardScore(evaluation) } : {}),
    }),
  );
  return {
    ...modelFacts(source, folder),
    files,
    ...(exported.some(({ evaluation }) => evaluation) ? { measuredOn: machine() } : {}),
    hasWeights: existsSync(join(folder, 'model.safetensors')),
    ...given,
  };
}

function machine(): string {
  const processors = cpus();
  return `${processors.length} x ${processors[0]?.model ?? process.arch}, ONNX Runtime in Node.js ${process.versions.node}`;
}
