// Freezing late layers: the layers next to the head keep what they know of a task, and the early ones adapt to new words and style.
import { plain, type Strategy } from './strategy.js';

/** @param count layers to freeze, from the last; embeddings, earlier layers and head train. At most as many as the model has. */
export const freezeLateLayers = (count: number): Strategy => ({
  ...plain,
  name: `freeze last ${count}`,
  trains(name, model) {
    const { layers, layerOf, head } = model.encoder;
    if (!Number.isInteger(count) || count < 0 || count > layers)
      throw new RangeError(
        `freezeLateLayers takes a whole number from 0 to ${layers}, the layers of ${model.name}; got ${count}.`,
      );
    // What stands after the layers, a pooler or a last norm, is part of the head's side: it is new where the head is.
    const layer = layerOf(name);
    return layer === undefined || head.isHead(name) || layer < layers - count;
  },
});
