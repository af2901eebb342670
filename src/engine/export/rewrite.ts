// Copies a model node by node into a new graph, writing something else for some of them.
//
//   rewrite(model, (node, graph) => graph.append(node.op === 'Erf' ? { ...node, op: 'Tanh' } : node));
import { Graph } from '../graph.js';
import type { ModelDef, NodeDef } from '../onnx.js';

/**
 * @param write writes what stands for a node, with its outputs under the same names where others read them
 * @returns the model with the same inputs and outputs, without what no output needs any more
 */
export function rewrite(model: ModelDef, write: (node: NodeDef, graph: Graph, index: number) => void): ModelDef {
  const graph = Graph.over(model);
  model.nodes.forEach((node, index) => {
    write(node, graph, index);
  });
  return graph.model(model.outputs);
}
