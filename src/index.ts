// What a lesson imports, and nothing else.
//
//   import { fineTune, loadDataset, loadModel, lora, show, sizeVersusAccuracy } from 'model-types';

export type { Compiled, HostTensor, Weights } from './engine/index.js';
export { compile, hostTensor, tf, valueAndGradients } from './engine/index.js';
export type {
  DatasetOptions,
  DatasetStream,
  HubDatasetOptions,
  StreamOptions,
  TextDataset,
  TextRow,
} from './hub/datasets.js';
export { DatasetError, loadDataset, streamDataset } from './hub/datasets.js';
export { resolveModel } from './hub/resolve.js';
export { exercise } from './lessons/exercise.js';
export { accuracy, confusionMatrix as confusionCounts, macroF1, wilson } from './metrics/classification.js';
export type { Encoder } from './models/encoder.js';
export type { Pooling } from './nn/pooling.js';
export { bars } from './plots/bars.js';
export { comparison } from './plots/comparison.js';
export { confusionMatrix } from './plots/confusion-matrix.js';
export { fineTune } from './plots/fine-tune.js';
export { learningCurve } from './plots/learning-curve.js';
export { live } from './plots/live.js';
export { progress } from './plots/progress.js';
export { show } from './plots/show.js';
export { sizeVersusAccuracy } from './plots/size-versus-accuracy.js';
export { table } from './plots/table.js';
export { trainingCurve } from './plots/training-curve.js';
export type { BagOfWordsClassifier } from './tasks/bag-of-words.js';
export { bagOfWords } from './tasks/bag-of-words.js';
export type { TextBatch } from './tasks/batching.js';
export type { Evaluation } from './tasks/evaluate.js';
export { evaluate } from './tasks/evaluate.js';
export type { ExportedFile, ExportOnnxOptions } from './tasks/export-onnx.js';
export { loadModel } from './tasks/load-model.js';
export type { ModelCardFacts } from './tasks/model-card.js';
export { modelCard } from './tasks/model-card.js';
export { nearestMean } from './tasks/nearest-mean.js';
export type { OnnxClassifier, OnnxDType } from './tasks/onnx-model.js';
export { loadOnnx } from './tasks/onnx-model.js';
export type { Prediction, Predictor } from './tasks/prediction.js';
export { expectAccuracy } from './tasks/quick.js';
export type { SentenceEncoder } from './tasks/sentence-vectors.js';
export { loadSentenceEncoder } from './tasks/sentence-vectors.js';
export type { TextClassifier } from './tasks/text-classification.js';
export { AdamW } from './training/adamw.js';
export type {
  EpochResult,
  FineTuneOptions,
  FineTuneResult,
  ScoredData,
  ScoredResult,
  TrainingData,
  TrainingStep,
} from './training/fine-tune.js';
export { InterruptedError } from './training/interrupt.js';
export { schedule } from './training/schedule.js';
export { batchTensors, compileStep, divideWeights, seedTensor } from './training/step.js';
export { freezeEarlyLayers } from './training/strategies/freeze-early-layers.js';
export { freezeLateLayers } from './training/strategies/freeze-late-layers.js';
export { fromScratch } from './training/strategies/from-scratch.js';
export { full } from './training/strategies/full.js';
export { gradualUnfreezing } from './training/strategies/gradual-unfreezing.js';
export { lora } from './training/strategies/lora.js';
export { promptTuning } from './training/strategies/prompt-tuning.js';
export type { Strategy } from './training/strategies/strategy.js';
