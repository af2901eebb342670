// A .onnx file on ONNX Runtime, whatever shapes it is given.
//
//   const graph = await OnnxFile.open('out/reviews-onnx/onnx/model.onnx');
//   const { logits } = await graph.run({ input_ids, attention_mask });
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type HostData, type HostTensor, hostTensor } from './host-tensor.js';
import type { SessionOptions } from './session.js';

export class OnnxFile {
  private constructor(
    readonly path: string,
    readonly session: InferenceSession,
  ) {}

  static async open(path: string, { threads = 0 }: SessionOptions = {}): Promise<OnnxFile> {
    const session = await InferenceSession.create(path, {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
    });
    return new OnnxFile(path, session);
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  /**
   * Runs the graph on those of the tensors it has inputs for; int32 becomes int64 where it asks for that.
   * @throws RangeError where one of its inputs is not given
   */
  async run(inputs: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>> {
    const feeds = this.session.inputMetadata.map((input) => {
      const tensor = inputs[input.name];
      if (tensor === undefined)
        throw new RangeError(
          `${this.path} reads an input "${input.name}"; those given are ${Object.keys(inputs).join(', ')}.`,
        );
      const { dtype, shape, data } = tensor;
      if (input.isTensor && input.type === 'int64')
        return [input.name, new Tensor('int64', BigInt64Array.from(data as Int32Array, BigInt), shape)];
      return [input.name, new Tensor(dtype, data as Float32Array, shape)];
    });
    const results = await this.session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, hostTensor(data as HostData, dims)]),
    );
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
