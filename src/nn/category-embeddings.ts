// One vector for each category of each column: how networks read columns of names.
//
//   const vectors = categoryEmbeddings(params, 'embeddings', codes);   // one [rows, width] a column
import { tf } from '../engine/index.js';
import { lookUp } from './embeddings.js';
import { type Params, param } from './pass.js';

/**
 * The vectors of each column's categories, one tensor a column.
 * @param name prefix of the tables: `${name}.${column}.weight` [categories, width]
 * @param codes int32 [rows, columns]: each below its table's count of categories
 * @returns for each column [rows, width]
 */
export function categoryEmbeddings(params: Params, name: string, codes: tf.Tensor): tf.Tensor[] {
  const [rows, columns] = codes.shape as [number, number];
  return Array.from({ length: columns }, (_, column) => {
    const ids = tf.reshape(tf.slice(codes, [0, column], [rows, 1]), [rows]);
    return lookUp(param(params, `${name}.${column}.weight`), ids, null);
  });
}
