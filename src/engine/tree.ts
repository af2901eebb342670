// Trees: records and lists of leaves, nested at will, as compiled functions take and return them.
//
//   flatten({ ids, params: { weight, bias } }, isHostTensor)
//     -> [['ids', ids], ['params.weight', weight], ['params.bias', bias]]

/** A leaf, or a list or record of trees. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };

/** The same tree with every `From` leaf replaced by `To`. */
export type MapTree<T, From, To> = T extends From
  ? To
  : T extends readonly (infer U)[]
    ? MapTree<U, From, To>[]
    : { [K in keyof T]: MapTree<T[K], From, To> };

/** The leaves with their paths, in the order the keys were written. Throws a TypeError at anything that is neither leaf, list nor record. */
export function flatten<Leaf>(tree: unknown, isLeaf: (value: unknown) => value is Leaf): [path: string, leaf: Leaf][] {
  const leaves: [string, Leaf][] = [];
  const walk = (node: unknown, path: string): void => {
    if (isLeaf(node)) leaves.push([path, node]);
    else if (typeof node === 'object' && node !== null && !ArrayBuffer.isView(node))
      for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
    else
      throw new TypeError(
        `Expected a tensor, or a list or record of tensors, at "${path || '(top)'}"; got ${describe(node)}.`,
      );
  };
  walk(tree, '');
  return leaves;
}

/** Rebuilds the tree with each leaf replaced by `replace(leaf, path)`. */
export function mapTree<Leaf, To>(
  tree: unknown,
  isLeaf: (value: unknown) => value is Leaf,
  replace: (leaf: Leaf, path: string) => To,
): unknown {
  const walk = (node: unknown, path: string): unknown => {
    if (isLeaf(node)) return replace(node, path);
    const child = (key: string, value: unknown) => walk(value, path === '' ? key : `${path}.${key}`);
    if (Array.isArray(node)) return node.map((value, i) => child(String(i), value));
    if (typeof node === 'object' && node !== null && !ArrayBuffer.isView(node))
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, child(key, value)]));
    throw new TypeError(
      `Expected a tensor, or a list or record of tensors, at "${path || '(top)'}"; got ${describe(node)}.`,
    );
  };
  return walk(tree, '');
}

const describe = (value: unknown): string =>
  value === null || value === undefined ? String(value) : `${typeof value} ${String(value).slice(0, 40)}`;
