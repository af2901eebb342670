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
export type { Interval } from './metrics/bootstrap.js';
export { bootstrap, bootstrapDifference } from './metrics/bootstrap.js';
export { calibrationCurve, expectedCalibrationError } from './metrics/calibration.js';
export {
  accuracy,
  balancedAccuracy,
  confusionMatrix as confusionCounts,
  f1,
  macroF1,
  wilson,
} from './metrics/classification.js';
export { brier, brierMulticlass, logLoss } from './metrics/probability.js';
export { averagePrecision, precisionRecallCurve, rocAuc, rocAucOneVsRest, rocCurve } from './metrics/ranking.js';
export { mae, pinball, r2, rmse } from './metrics/regression.js';
export type { CostCurve, OutcomeCosts } from './metrics/threshold.js';
export { costCurve } from './metrics/threshold.js';
export type { Encoder } from './models/encoder.js';
export type { Pooling } from './nn/pooling.js';
export { bars } from './plots/bars.js';
export { calibrationPlot } from './plots/calibration-plot.js';
export { comparison } from './plots/comparison.js';
export { confusionMatrix } from './plots/confusion-matrix.js';
export { effectsPlot } from './plots/effects-plot.js';
export { explanationWaterfall } from './plots/explanation-waterfall.js';
export { fineTune } from './plots/fine-tune.js';
export { fit } from './plots/fit.js';
export { forecastPlot } from './plots/forecast.js';
export { horizonErrors } from './plots/forecast-errors.js';
export { heatMap } from './plots/heat-map.js';
export { histogramPlot } from './plots/histogram-plot.js';
export { importancePlot } from './plots/importance-plot.js';
export { learningCurve } from './plots/learning-curve.js';
export { live } from './plots/live.js';
export { maskHeatMap } from './plots/mask-heat-map.js';
export { missingPlot } from './plots/missing-plot.js';
export { partialDependencePlot } from './plots/partial-dependence-plot.js';
export { precisionRecallPlot } from './plots/precision-recall-plot.js';
export { progress } from './plots/progress.js';
export { residualsPlot } from './plots/residuals-plot.js';
export { rocPlot } from './plots/roc-plot.js';
export { scatterPlot } from './plots/scatter-plot.js';
export { shapBeeswarm } from './plots/shap-beeswarm.js';
export { show } from './plots/show.js';
export { sizeVersusAccuracy } from './plots/size-versus-accuracy.js';
export { table } from './plots/table.js';
export { thresholdPlot } from './plots/threshold-plot.js';
export { trainingCurve } from './plots/training-curve.js';
export { treePlot } from './plots/tree-plot.js';
export * from './tabular/index.js';
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
