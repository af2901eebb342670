// Sums of rows by index, as the gradient of an embedding is one: thirty thousand rows, of which a batch touches a few
// hundred. Where such a sum leaves a graph, the graph returns the rows and their indices, and the adding is done here,
// into the array where the sum belongs. Inside a graph it stays a tensor like any other.
import type { HostTensor } from './host-tensor.js';

/** The value of a graph that is a sum of rows, taken apart. */
export interface RowSum {
  /** float32 [count, ...row] */
  readonly rows: string;
  /** int32 [count, 1]: where each row is added. */
  readonly ids: string;
  readonly count: number;
}

/** Sets `sum` [segments, ...row] to zero and adds each row at its index. Rows whose index is no segment are dropped. */
export function sumRows(sum: HostTensor, rows: HostTensor, ids: HostTensor): HostTensor {
  const segments = sum.shape[0] as number;
  const width = sum.data.length / segments;
  const [into, from] = [sum.data, rows.data];
  into.fill(0);
  for (let i = 0; i < ids.data.length; i++) {
    const id = ids.data[i] as number;
    if (id < 0 || id >= segments) continue;
    const [start, source] = [id * width, i * width];
    for (let j = 0; j < width; j++) into[start + j] = (into[start + j] as number) + (from[source + j] as number);
  }
  return sum;
}
