// The engine: TensorFlow.js operations -> one ONNX graph -> ONNX Runtime. It knows nothing of models.
export { Arena } from './arena.js';
export { type Compiled, type CompileOptions, compile, type HostTree, type RunOptions } from './compile.js';
export { type Axis, type DynamicInput, recordDynamic } from './export/dynamic-axes.js';
export { halfWeights } from './export/half-weights.js';
export { quantizeWeights } from './export/quantize-weights.js';
export { withWeights } from './export/weights.js';
export { wideInputs } from './export/wide-inputs.js';
export { valueAndGradients } from './gradients.js';
export { type DType, type HostData, type HostTensor, hostTensor, sizeOf, type Weights } from './host-tensor.js';
export { encodeModel, type ModelDef } from './onnx.js';
export { OnnxFile } from './onnx-file.js';
export { DropoutSource } from './ops/dropout.js';
export { gelu } from './ops/gelu.js';
export { layerNorm } from './ops/layer-norm.js';
export { randomNormal, randomUniform, seedFor } from './random.js';
export * as tf from './tf.js';
export { TraceError } from './trace.js';
