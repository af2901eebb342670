import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/engine/graph.js';

const vector = (name: string) => ({ name, type: 'float32' as const, shape: [2] });

// Names of nodes and constants stand in the file as they are.
const mentions = (bytes: Uint8Array, name: string): boolean => Buffer.from(bytes).includes(name);

describe('Graph', () => {
  it('writes a model that ONNX Runtime runs', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const y = graph.node('Mul', [x, graph.scalar('float32', 3)]);
    const session = await InferenceSession.create(graph.encode([vector(y)]));
    const results = await session.run({ x: new Tensor('float32', new Float32Array([1, 2]), [2]) });
    expect(results[y]?.data).toEqual(new Float32Array([3, 6]));
  });

  it('leaves out nodes and constants that no output needs, and keeps every input', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    graph.input('unused', 'float32', [2]);
    const dead = graph.node('Exp', [graph.node('Add', [x, graph.scalar('float32', 7)])]);
    const alive = graph.node('Neg', [x]);
    const bytes = graph.encode([vector(alive)]);
    expect(mentions(bytes, alive)).toBe(true);
    expect(mentions(bytes, 'unused')).toBe(true);
    expect(mentions(bytes, dead)).toBe(false);
    expect(mentions(bytes, 'constant')).toBe(false);
    expect(graph.encode([vector(dead)]).length).toBeGreaterThan(bytes.length);
  });

  it('shares equal small constants, and tells apart what only looks equal', () => {
    const graph = new Graph();
    expect(graph.scalar('float32', 1)).toBe(graph.scalar('float32', 1));
    expect(graph.ints([1, 2])).toBe(graph.ints([1, 2]));
    expect(graph.scalar('float32', Number.NaN)).toBe(graph.scalar('float32', Number.NaN));
    const names = [
      graph.scalar('float32', 0),
      graph.scalar('float32', -0),
      graph.scalar('int32', 0),
      graph.constant('float32', [0], [1]),
      graph.constant('float32', [0, 0], [2]),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('names no value as an input is named', () => {
    const graph = new Graph();
    const x = graph.input('Exp_1', 'float32', [2]);
    graph.input('constant_2', 'float32', [2]);
    const names = [graph.node('Exp', [x]), graph.scalar('float32', 1), graph.node('Exp', [x])];
    expect(new Set(['Exp_1', 'constant_2', ...names]).size).toBe(5);
  });

  it('refuses two inputs of one name', () => {
    const graph = new Graph();
    graph.input('a.b', 'float32', []);
    expect(() => graph.input('a.b', 'float32', [])).toThrow('two inputs named "a.b"');
  });

  it('refuses weights beyond what a file holds', () => {
    const graph = new Graph();
    const bytes = new Uint8Array(2 ** 30); // of memory that nobody touches
    const halves = ['a', 'b'].map((name) => graph.initializer({ name, type: 'int8', shape: [2 ** 30], bytes }));
    const sum = graph.node('Add', halves);
    expect(() => graph.encode([{ name: sum, type: 'int8', shape: [2 ** 30] }])).toThrow(
      'A .onnx file holds at most 2 GB, and these weights take 2.1 GB: store them as float16 or int8.',
    );
  });

  it('goes on where a model ends, giving no name twice', () => {
    const first = new Graph();
    const y = first.node('Exp', [first.input('x', 'float32', [2])]);
    const model = first.model([vector(y)]);
    const second = Graph.over(model);
    for (const node of model.nodes) second.append(node);
    const z = second.node('Exp', [y]);
    expect(z).not.toBe(y);
    expect(second.model([vector(z)]).nodes.map(({ op }) => op)).toEqual(['Exp', 'Exp']);
    expect(() => second.initializer({ name: 'x', type: 'int8', shape: [0], bytes: new Uint8Array() })).toThrow(
      'two values named "x"',
    );
  });
});
