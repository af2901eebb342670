// Recordings of one function side by side: the same nodes, wired the same way, with other constants here and there.
import type { InitializerDef, ModelDef, NodeDef } from '../onnx.js';
import { TraceError } from '../trace.js';
import type { Recordings } from './recordings.js';

/**
 * @returns for each place that reads a constant that is not the same in all recordings, "node.input", the constant of each
 * @throws TraceError where the recordings are not the same nodes, or these read other values
 */
export function differences(recordings: Recordings): Map<string, readonly InitializerDef[]> {
  const models = recordings.recorded.map(({ model }) => model);
  const [base] = models as [ModelDef];
  models.forEach(({ nodes }, r) => {
    const longer = Math.max(nodes.length, base.nodes.length);
    const at = Array.from({ length: longer }, (_, i) => i).find((i) => kindOf(nodes[i]) !== kindOf(base.nodes[i]));
    if (at === undefined) return;
    const [here, there] = [base.nodes[at]?.op ?? 'nothing more', nodes[at]?.op ?? 'nothing more'];
    throw new TraceError(
      `The function does other things at other sizes: after ${at} operations it writes ${here} ${recordings.at(0)} and ${there} ${recordings.at(r)}${here === there ? ' with other attributes' : ''}. Which operations it uses must not depend on a size.`,
    );
  });
  const places = models.map(placesOf);
  const constants = models.map(({ initializers }) => new Map(initializers.map((one) => [one.name, one])));
  const different = new Map<string, readonly InitializerDef[]>();
  base.nodes.forEach((node, i) => {
    node.inputs.forEach((_, at) => {
      const names = models.map(({ nodes }) => nodes[i]?.inputs[at] ?? '');
      const found = names.flatMap((name, r) => constants[r]?.get(name) ?? []);
      const sources = new Set(names.map((name, r) => places[r]?.get(name)));
      if (sources.size > 1 || (found.length > 0 && found.length < names.length))
        throw new TraceError(
          `At other sizes ${node.op} (operation ${i}) reads other values: what it reads must not depend on a size.`,
        );
      if (found.some((one) => !isSame(one, found[0] as InitializerDef))) different.set(`${i}.${at}`, found);
    });
  });
  return different;
}

/** What a node is, apart from what it reads. */
const kindOf = (node: NodeDef | undefined): string =>
  node === undefined ? '' : JSON.stringify([node.op, node.outputs.length, node.attributes]);

/** Where each value that is no constant comes from, said in a way that does not depend on names of nodes. */
function placesOf({ nodes, inputs }: ModelDef): Map<string, string> {
  const places = new Map(inputs.map(({ name }) => [name, `input ${name}`]));
  nodes.forEach(({ outputs }, i) => {
    outputs.forEach((name, k) => {
      places.set(name, `${i}.${k}`);
    });
  });
  return places;
}

const isSame = (a: InitializerDef, b: InitializerDef): boolean =>
  a.type === b.type && String(a.shape) === String(b.shape) && Buffer.compare(a.bytes, b.bytes) === 0;
