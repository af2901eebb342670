// Names and shapes of weights as PyTorch modules give them, and which layer a name belongs to.
//
//   const shapes = new Shapes().set('embeddings.weight', [100, 8]).linear('dense', 8, 8).norm('LayerNorm', 8);

/** Weights in the order they are added. */
export class Shapes extends Map<string, number[]> {
  /** `${name}.weight` [out, input] and, unless the layer was made without one, `${name}.bias` [out]. */
  linear(name: string, out: number, input: number, bias = true): this {
    this.set(`${name}.weight`, [out, input]);
    return bias ? this.set(`${name}.bias`, [out]) : this;
  }

  /** `${name}.weight` and, unless the norm was made without one, `${name}.bias`, both [size]. */
  norm(name: string, size: number, bias = true): this {
    this.set(`${name}.weight`, [size]);
    return bias ? this.set(`${name}.bias`, [size]) : this;
  }
}

/** The layer in a name such as "bert.encoder.layer.3.output.dense.bias"; -1 for embeddings, undefined for what follows the layers. */
export function layerOf(name: string): number | undefined {
  if (name.includes('embeddings.')) return -1;
  const layer = /\.layers?\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? undefined : Number(layer);
}
