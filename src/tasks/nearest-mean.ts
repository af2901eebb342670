// A classifier without training: a text gets the label whose examples it lies nearest to, by the mean of their sentence vectors
// (Rocchio's classifier; with a few examples a label, prototypical networks, https://arxiv.org/abs/1703.05175).
//
//   const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2');
//   const nearest = await nearestMean(encoder, fewRows, intents.labels);
//   (await evaluate(nearest, intents.test)).accuracy;
import { type Predictor, predictionOf, softmax } from './prediction.js';
import type { SentenceEncoder } from './sentence-vectors.js';

export interface NearestMeanOptions {
  /** Divides the cosines before they become probabilities: the smaller, the surer. It changes no label. Default 0.05. */
  readonly temperature?: number;
}

/**
 * @param rows examples, at least one of each label
 * @throws RangeError naming a label without examples, or an example whose label is none of them
 */
export async function nearestMean(
  encoder: Pick<SentenceEncoder, 'encode' | 'size'>,
  rows: readonly { readonly text: string; readonly label: number }[],
  labels: readonly string[],
  { temperature = 0.05 }: NearestMeanOptions = {},
): Promise<Predictor> {
  const stray = rows.find(({ label }) => labels[label] === undefined);
  if (stray !== undefined)
    throw new RangeError(
      `nearestMean: an example has label ${stray.label}; with ${labels.length} labels it is 0 to ${labels.length - 1}: "${stray.text.slice(0, 60)}".`,
    );
  const vectors = (await encoder.encode(rows.map(({ text }) => text))).map(unit);
  const means = labels.map((label, index) => {
    const own = vectors.filter((_, i) => rows[i]?.label === index);
    if (own.length === 0)
      throw new RangeError(`nearestMean: there is no example of "${label}"; give at least one of each label.`);
    const sum = new Float32Array(encoder.size);
    for (const vector of own) for (const [i, value] of vector.entries()) sum[i] = (sum[i] as number) + value;
    return unit(sum);
  });
  return {
    labels,
    async predict(texts) {
      const given = (await encoder.encode(texts)).map(unit);
      return given.map((vector, i) => {
        const cosines = means.map((mean) => vector.reduce((sum, value, at) => sum + value * (mean[at] as number), 0));
        return predictionOf(texts[i] as string, labels, softmax(cosines.map((cosine) => cosine / temperature)));
      });
    },
  };
}

/** Scaled to length 1, so that a product of two is their cosine. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
