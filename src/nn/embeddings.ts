// What an encoder reads, and the vectors its tokens start as: looked up by id, a trained prompt before them.
import { tf } from '../engine/index.js';
import { type Params, type Pass, param } from './pass.js';

export interface EncoderInputs {
  /** int32 [batch, length] */
  readonly inputIds: tf.Tensor;
  /** int32 [batch, length]: 1 for tokens, 0 for padding. */
  readonly attentionMask: tf.Tensor;
  /** int32 [batch, length]: 0 for the first text, 1 for the second. Models that know no such thing do not look at it. */
  readonly tokenTypeIds: tf.Tensor;
}

/** What stands before the layers: word vectors with the prompt before them, and masks that reach over it. */
export interface Embedded {
  /** [batch, length, size]; the length counts the prompt. */
  readonly words: tf.Tensor3D;
  /** int32 [batch, length]: 1 for tokens and for the prompt. */
  readonly attentionMask: tf.Tensor;
  /** int32 [batch, length]: 0 for the prompt, as in peft. */
  readonly tokenTypeIds: tf.Tensor;
  readonly batch: number;
  readonly length: number;
}

export interface WordTable {
  /** The table's weight, [vocabulary, size]. */
  readonly name: string;
  /** Longest input in tokens, a prompt's among them. */
  readonly maxLength: number;
  /** The padding token, whose vector never trains. */
  readonly padId: number | null;
}

/**
 * Looks tokens up in a table and puts the prompt's vectors, where there are any, before each row.
 * @throws RangeError where text and prompt together are longer than the model reads
 */
export function embedTokens(
  params: Params,
  { name, maxLength, padId }: WordTable,
  inputs: EncoderInputs,
  pass: Pass,
): Embedded {
  const [batch, own] = inputs.inputIds.shape as [number, number];
  const virtual = pass.prompt?.shape[0] ?? 0;
  const length = own + virtual;
  if (length > maxLength)
    throw new RangeError(
      `The text has ${own} tokens${virtual > 0 ? ` and the prompt ${virtual}` : ''}, but this model reads ${maxLength} at most: truncate it.`,
    );
  const table = param(params, name);
  const size = table.shape[1] as number;
  const words = tf.reshape(lookUp(table, tf.reshape(inputs.inputIds, [batch * own]), padId), [
    batch,
    own,
    size,
  ]) as tf.Tensor3D;
  if (pass.prompt === undefined) return { ...inputs, words, batch, length };
  // The prompt is an embedding too, looked up by the same ids in every row: so its gradient is a sum over rows.
  const ids = tf.tile(tf.range(0, virtual, 1, 'int32'), [batch]);
  const prompt = tf.reshape(tf.gather(pass.prompt, ids), [batch, virtual, size]) as tf.Tensor3D;
  const before = (value: number, ids: tf.Tensor) =>
    tf.concat([tf.tile(tf.fill([1, virtual], value, 'int32'), [batch, 1]), ids], 1);
  return {
    words: tf.concat([prompt, words], 1),
    attentionMask: before(1, inputs.attentionMask),
    tokenTypeIds: before(0, inputs.tokenTypeIds),
    batch,
    length,
  };
}

/**
 * Rows of a table by their ids. No gradient reaches the row of `padId`, as with torch.nn.Embedding's padding_idx.
 * @param table [rows, size]
 * @param ids int32 [count]
 * @returns [count, size]
 */
export function lookUp(table: tf.Tensor, ids: tf.Tensor, padId: number | null): tf.Tensor {
  const rows = tf.gather(table, ids);
  if (padId === null) return rows;
  const held = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const trains = tf.cast(tf.notEqual(ids, tf.scalar(padId, 'int32')), 'float32');
    save([tf.reshape(trains, [ids.size, 1])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => tf.mul(dy, saved[0] as tf.Tensor);
    return { value: tf.clone(x), gradFunc: gradFunc as never };
  });
  return held(rows);
}
