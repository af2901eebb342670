// Holds compiled functions against the same functions run eagerly on TensorFlow.js's cpu backend, or another one: values
// and gradients.
//
//   const cases: KernelCases = { Exp: [{ title: 'a matrix', f: tf.exp, inputs: [floats([2, 3])] }] };
//   describeParity('elementwise', cases);                 // one test a case
//   describeParity('elementwise', cases, 'tensorflow');   // the same against TensorFlow's C library
//
// Gradients are those of sum(f(x) * weights), with fixed random weights, with respect to every float input.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, type HostTensor, sizeOf, tf, valueAndGradients } from '../../src/engine/index.js';
import { traceBackendName } from '../../src/engine/trace.js';
import { floats } from './values.js';

// What each operation takes and returns differs; the tables below know.
type Operation = (...inputs: never[]) => tf.Tensor | readonly tf.Tensor[];

export interface Case {
  readonly title: string;
  readonly f: Operation;
  readonly inputs: readonly HostTensor[];
  /** False where the operation is not differentiable or the gradient is not defined at these inputs. Default true. */
  readonly gradient?: boolean;
  /** What to run eagerly instead, where the cpu backend lacks the operation or gets it wrong. */
  readonly reference?: Operation;
  /** The right values of the first output where the cpu backend's are wrong. */
  readonly expected?: HostTensor;
  /** The right gradients where the cpu backend's are wrong, one for each float input. */
  readonly expectedGradients?: readonly HostTensor[];
  /** False at kinks, jumps and where differences lose too many digits: gradients are not checked by finite differences. Default true. */
  readonly smooth?: boolean;
  /** Zeros must have the same sign too. Default false. */
  readonly signedZeros?: boolean;
  /** Largest error, relative to 1 or to the value where that is larger. Default 1e-5. */
  readonly tolerance?: number;
}

/** Cases by the kernel they test; each must run that kernel. */
export type KernelCases = Readonly<Record<string, readonly Case[]>>;

export function describeParity(group: string, cases: KernelCases, backend = 'cpu'): void {
  describe.each(Object.entries(cases))(`${group}: %s`, (kernelName, its) => {
    it.each(its.map((one) => [one.title, one] as const))('%s', async (_, one) => {
      const ran = recordKernels();
      try {
        await expectParity(one, `${kernelName}-${one.title}`, backend);
        expect([...ran.names]).toContain(kernelName);
      } finally {
        ran.stop();
      }
    });
  });
}

/** Fails where compiled values or gradients differ from eager ones, with inputs fed and with inputs as constants. */
export async function expectParity(one: Case, name = one.title, backend = 'cpu'): Promise<void> {
  const eager = (f: () => readonly tf.Tensor[]) => eagerly(f, backend);
  const call =
    (operation: Operation) =>
    (inputs: readonly tf.Tensor[]): tf.Tensor[] =>
      [(operation as (...all: readonly tf.Tensor[]) => tf.Tensor | tf.Tensor[])(...inputs)].flat();
  const f = call(one.f);
  const reference = call(one.reference ?? one.f);
  const tolerance = one.tolerance ?? 1e-5;
  const same = (actual: readonly HostTensor[], expected: readonly HostTensor[], what: string) => {
    expect(actual.map(typeOf), `${what}: types and shapes`).toEqual(expected.map(typeOf));
    for (const [i, tensor] of actual.entries())
      expectClose(tensor, expected[i] as HostTensor, tolerance, one.signedZeros ?? false, `${what} ${i}`);
  };

  const outputs = eager(() => reference(one.inputs.map(toTensor)));
  const right = one.expected ? [one.expected, ...outputs.slice(1)] : outputs;

  const fed = compile((inputs: tf.Tensor[]) => f(inputs));
  const closed = compile((_: Record<string, never>) => f(one.inputs.map(toTensor)));
  try {
    saveGraph(name, () => fed.toOnnx([...one.inputs]));
    saveGraph(`${name}-constants`, () => closed.toOnnx({}));
    same(await fed([...one.inputs]), right, 'output');
    same(await closed({}), right, 'output of constants');
  } finally {
    await fed.dispose();
    await closed.dispose();
  }

  const differentiable = one.inputs.some(({ dtype }) => dtype === 'float32');
  if (one.gradient === false || !differentiable) return;

  const weighted = (outputs: readonly tf.Tensor[]): tf.Tensor =>
    outputs
      .filter(({ dtype }) => dtype === 'float32')
      .map((output, i) => tf.sum(tf.mul(output, toTensor(floats(output.shape, -1, 1, 7 + i)))))
      .reduce((sum, next) => tf.add(sum, next), tf.scalar(0));
  const split = (tensors: readonly tf.Tensor[]) => Object.fromEntries(tensors.map((x, i) => [`x${i}`, x] as const));
  const isParam = (i: number) => one.inputs[i]?.dtype === 'float32';

  const expectedGradients =
    one.expectedGradients ??
    eager(() => {
      const tensors = one.inputs.map(toTensor);
      const params = tensors.filter((__, i) => isParam(i));
      const { grads } = tf.engine().gradients(() => weighted(reference(tensors)), params, undefined, true);
      return params.map((param, i) => grads[i] ?? tf.zerosLike(param));
    });
  const step = compile((inputs: Record<string, tf.Tensor>) => {
    const params = Object.fromEntries(Object.entries(inputs).filter((__, i) => isParam(i)));
    const all = (given: Record<string, tf.Tensor>) => Object.values({ ...inputs, ...given });
    return valueAndGradients((given) => ({ value: weighted(f(all(given))) }), params);
  });
  try {
    const inputs = split(one.inputs as unknown as tf.Tensor[]) as unknown as Record<string, HostTensor>;
    saveGraph(`${name}-gradients`, () => step.toOnnx(inputs));
    same(Object.values((await step(inputs)).gradients), expectedGradients, 'gradient');
  } finally {
    await step.dispose();
  }
  if (one.smooth !== false) {
    const loss = (inputs: readonly HostTensor[]) =>
      eager(() => [weighted(reference(inputs.map(toTensor)))])[0]?.data[0] as number;
    const numeric = differences(loss, one.inputs);
    for (const [i, tensor] of expectedGradients.entries())
      expectClose(
        tensor,
        numeric[i] as HostTensor,
        2e-2,
        false,
        `TensorFlow.js's own gradient ${i} (against differences)`,
      );
  }
}

/** Gradients of `loss` by central differences: good to two digits, enough to find a formula that is wrong. */
function differences(loss: (inputs: readonly HostTensor[]) => number, inputs: readonly HostTensor[]): HostTensor[] {
  const step = 1e-2;
  const at = (which: number, element: number, change: number): number =>
    loss(
      inputs.map((input, i) =>
        i === which
          ? { ...input, data: input.data.map((x, j) => (j === element ? x + change : x)) as Float32Array }
          : input,
      ),
    );
  return inputs.flatMap((input, i) =>
    input.dtype === 'float32'
      ? [{ ...input, data: input.data.map((_, j) => (at(i, j, step) - at(i, j, -step)) / (2 * step)) as Float32Array }]
      : [],
  );
}

/** Where MODEL_TYPES_GRAPHS names a folder, the graphs go there for test/python/test_onnx.py to check. */
function saveGraph(name: string, model: () => Uint8Array): void {
  const folder = process.env.MODEL_TYPES_GRAPHS;
  if (folder) writeFileSync(join(folder, `${name.replaceAll(/[^\w.-]+/g, '_')}.onnx`), model());
}

const typeOf = ({ dtype, shape }: HostTensor): string => `${dtype}[${shape}]`;

export const toTensor = ({ data, shape, dtype }: HostTensor): tf.Tensor => tf.tensor(data, [...shape], dtype);

export const toHost = (tensor: tf.Tensor): HostTensor => ({
  dtype: tensor.dtype as HostTensor['dtype'],
  shape: tensor.shape,
  data: tensor.dataSync() as HostTensor['data'],
});

/** Runs `f` on a backend, the cpu backend by default, and reads what it returns. */
export function eagerly(f: () => readonly tf.Tensor[], backend = 'cpu'): HostTensor[] {
  const before = tf.getBackend();
  void tf.setBackend(backend);
  expect(tf.getBackend()).toBe(backend);
  tf.engine().startScope();
  try {
    return f().map(toHost);
  } finally {
    tf.engine().endScope();
    void tf.setBackend(before);
  }
}

function expectClose(
  actual: HostTensor,
  expected: HostTensor,
  tolerance: number,
  signedZeros: boolean,
  what: string,
): void {
  expect(actual.data.length, what).toBe(sizeOf(expected.shape));
  const off = [...actual.data].findIndex((value, i) => {
    const right = expected.data[i] as number;
    if (Object.is(value, right)) return false;
    if (value === right) return signedZeros;
    return !(Math.abs(value - right) <= tolerance * Math.max(1, Math.abs(right)));
  });
  if (off >= 0)
    expect.fail(
      `${what}: element ${off} of ${typeOf(expected)} is ${actual.data[off]}, should be ${expected.data[off]}\n` +
        `  compiled ${[...actual.data].slice(0, 24).join(' ')}\n  right    ${[...expected.data].slice(0, 24).join(' ')}`,
    );
}

/** Notes the names of the tracing backend's kernels as they run. */
function recordKernels(): { names: ReadonlySet<string>; stop: () => void } {
  const names = new Set<string>();
  const originals = tf.getKernelsForBackend(traceBackendName);
  const register = (config: tf.KernelConfig) => {
    tf.unregisterKernel(config.kernelName, traceBackendName);
    tf.registerKernel(config);
  };
  for (const config of originals)
    register({
      ...config,
      kernelFunc: (params) => {
        names.add(config.kernelName);
        return config.kernelFunc(params);
      },
    });
  return { names, stop: () => originals.forEach(register) };
}
