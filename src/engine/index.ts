// The engine: TensorFlow.js operations -> one ONNX graph -> ONNX Runtime. It knows nothing of models.
export { Arena } from './arena.js';
export { type Compiled, type CompileOptions, compile, type HostTree, type RunOptions } from './compile.js';
export { valueAndGradients } from './gradients.js';
export { type DType, type HostData, type HostTensor, hostTensor, sizeOf, type Weights } from './host-tensor.js';
export { DropoutSource } from './ops/dropout.js';
export { gelu } from './ops/gelu.js';
export { layerNorm } from './ops/layer-norm.js';
export { randomNormal, randomUniform, seedFor } from './random.js';
export * as tf from './tf.js';
export { TraceError } from './trace.js';
