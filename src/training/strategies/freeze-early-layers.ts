// Freezing early layers: the embeddings and the first layers keep what pretraining taught them about language in general.
import { plain, type Strategy } from './strategy.js';

/** @param count layers to freeze, from the first; the embeddings always are. At most as many as the model has. */
export const freezeEarlyLayers = (count: number): Strategy => ({
  ...plain,
  name: `freeze first ${count}`,
  trains(name, model) {
    const { layers: have } = model.encoder;
    if (!Number.isInteger(count) || count < 0 || count > have)
      throw new RangeError(
        `freezeEarlyLayers takes a whole number from 0 to ${have}, the layers of ${model.name}; got ${count}.`,
      );
    const layer = model.encoder.layerOf(name);
    return layer === undefined || layer >= count;
  },
});
