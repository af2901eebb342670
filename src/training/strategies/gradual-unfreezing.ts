// Gradual unfreezing (Howard and Ruder 2018, ULMFiT, https://arxiv.org/abs/1801.06146): the head first, alone; then, epoch by epoch,
// the layers from the last to the first, and the embeddings at the end. What pretraining taught is disturbed late and little.
import { plain, type Strategy } from './strategy.js';

export interface GradualUnfreezingOptions {
  /** Layers that join each epoch, the embeddings counting as one. Default: as many as it takes to train all in the last of several epochs. */
  readonly layersPerEpoch?: number;
}

export function gradualUnfreezing({ layersPerEpoch }: GradualUnfreezingOptions = {}): Strategy {
  if (layersPerEpoch !== undefined && (!Number.isInteger(layersPerEpoch) || layersPerEpoch < 1))
    throw new RangeError(`layersPerEpoch is a whole number of at least 1; got ${layersPerEpoch}.`);
  return {
    ...plain,
    name: 'gradual unfreezing',
    settings: { layersPerEpoch },
    trains(name, model, { epoch, epochs }) {
      const { layers } = model.encoder;
      const each = layersPerEpoch ?? Math.ceil((layers + 1) / Math.max(1, epochs - 1));
      const layer = model.encoder.layerOf(name);
      return layer === undefined || layer >= layers - epoch * each;
    },
  };
}
