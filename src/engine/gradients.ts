// Gradients of a scalar with respect to a record of tensors, for use inside a compiled function.
//
//   const step = compile(({ params, batch }) => {
//     const { value, gradients, logits } = valueAndGradients((p) => {
//       const logits = model(p, batch.inputs);
//       return { value: crossEntropy(logits, batch.labels), logits };
//     }, params);
//     return { loss: value, gradients, logits };
//   });
import { clone, engine, keep, type Tensor, zerosLike } from './tf.js';

/**
 * Differentiates `f(params).value`, a scalar of shape [], with respect to each tensor in `params` (reverse mode).
 * Whatever else `f` returns is passed on. A parameter that `value` does not depend on gets zeros.
 * Throws a RangeError where `value` is not a scalar.
 */
export function valueAndGradients<Params extends Record<string, Tensor>, Result extends { value: Tensor }>(
  f: (params: Params) => Result,
  params: Params,
): Result & { gradients: Params } {
  let result!: Result;
  const forward = (): Tensor => {
    result = f(params);
    // TensorFlow.js frees what the forward pass made except for the value; the rest of the result must outlive it.
    for (const tensor of Object.values(result)) keep(tensor as Tensor);
    if (result.value.shape.length !== 0)
      throw new RangeError(
        `Gradients start from a scalar, but value has shape [${result.value.shape}]. Sum or average it with tf.sum or tf.mean.`,
      );
    return result.value;
  };
  const { grads } = engine().gradients(forward, Object.values(params), undefined, true);
  const returned = Object.entries(result).map(([name, tensor]) => {
    const copy = clone(tensor as Tensor);
    (tensor as Tensor).dispose();
    return [name, copy];
  });
  const gradients = Object.fromEntries(
    Object.entries(params).map(([name, param], i) => [name, grads[i] ?? zerosLike(param)]),
  );
  return { ...Object.fromEntries(returned), gradients } as Result & { gradients: Params };
}
