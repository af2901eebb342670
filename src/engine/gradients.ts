// Gradients of a scalar with respect to a record of tensors, for use inside a compiled function.
//
//   const step = compile(({ params, batch }) => {
//     const { value, gradients, logits } = valueAndGradients((p) => {
//       const logits = model(p, batch.inputs);
//       return { value: crossEntropy(logits, batch.labels), logits };
//     }, params);
//     return { loss: value, gradients, logits };
//   });
import { clone, engine, keep, Tensor, zerosLike } from './tf.js';
import { mapTree } from './tree.js';

/**
 * Differentiates `f(params).value`, a scalar of shape [], with respect to each tensor in `params` (reverse mode).
 * Whatever else `f` returns, tensors or trees of them, is passed on. A parameter that `value` does not depend on gets zeros.
 * Throws a RangeError where `value` is not a scalar.
 */
export function valueAndGradients<Params extends Record<string, Tensor>, Result extends { value: Tensor }>(
  f: (params: Params) => Result,
  params: Params,
): Result & { gradients: Params } {
  const kept: Tensor[] = [];
  let rest: unknown;
  const forward = (): Tensor => {
    const { value, ...others } = f(params);
    if (value.shape.length !== 0)
      throw new RangeError(
        `Gradients start from a scalar, but value has shape [${value.shape}]. Sum or average it with tf.sum or tf.mean.`,
      );
    // TensorFlow.js frees what the forward pass made except for the value; copies of the rest outlive it.
    rest = mapTree(others, isTensor, (tensor) => {
      const copy = keep(clone(tensor));
      kept.push(copy);
      return copy;
    });
    return value;
  };
  try {
    const { value, grads } = engine().gradients(forward, Object.values(params), undefined, true);
    const gradients = Object.fromEntries(
      Object.entries(params).map(([name, param], i) => [name, grads[i] ?? zerosLike(param)]),
    );
    return { ...(mapTree(rest, isTensor, clone) as object), value, gradients } as unknown as Result & {
      gradients: Params;
    };
  } catch (error) {
    // TensorFlow.js keeps what it saved for the gradients until they are done.
    for (const { saved } of engine().state.activeTape) for (const tensor of saved ?? []) tensor.dispose();
    throw error;
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
