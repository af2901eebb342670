// Exact Shapley values of one tree, in which "not knowing a feature" means going down both ways in the proportion of the training rows
// (Lundberg et al., "Consistent Individualized Feature Attribution for Tree Ensembles", 2018, algorithm 2).

import type { WeighedNode } from './grow-tree.js';

/** A feature met on the way down: the share of ways through it without knowing it (zero) and knowing it (one), and the weight of that. */
interface Step {
  feature: string | undefined;
  zero: number;
  one: number;
  weight: number;
}

/**
 * Adds each feature's contribution to one row's output.
 * @param goesLeft which way the row goes at a node
 * @param outputOf a leaf's output
 * @param add told a feature and a part of its contribution
 */
export function treeShap(
  root: WeighedNode,
  goesLeft: (node: WeighedNode) => boolean,
  outputOf: (leaf: WeighedNode) => number,
  add: (feature: string, part: number) => void,
): void {
  descend(root, [], 1, 1, undefined);

  function descend(
    node: WeighedNode,
    above: readonly Step[],
    zero: number,
    one: number,
    feature: string | undefined,
  ): void {
    const path = extended(above, zero, one, feature);
    const { left, right } = node;
    if (left === undefined || right === undefined) {
      const value = outputOf(node);
      for (let i = 1; i < path.length; i++) {
        const step = path[i] as Step;
        const weight = unwound(path, i).reduce((sum, other) => sum + other.weight, 0);
        add(step.feature as string, weight * (step.one - step.zero) * value);
      }
      return;
    }
    const [taken, other] = goesLeft(node) ? [left, right] : [right, left];
    // A feature that was asked about above counts once: its earlier step is taken back.
    const earlier = path.findIndex((step, i) => i > 0 && step.feature === node.feature);
    const known = path[earlier];
    const rest = known === undefined ? path : unwound(path, earlier);
    const [zeroBefore, oneBefore] = known === undefined ? [1, 1] : [known.zero, known.one];
    descend(taken, rest, (zeroBefore * taken.weight) / node.weight, oneBefore, node.feature);
    descend(other, rest, (zeroBefore * other.weight) / node.weight, 0, node.feature);
  }
}

/** The path with one more feature; its weights are then those of subsets of all sizes. */
function extended(path: readonly Step[], zero: number, one: number, feature: string | undefined): Step[] {
  const length = path.length;
  const longer = path.map((step) => ({ ...step }));
  longer.push({ feature, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    const [step, next] = [longer[i] as Step, longer[i + 1] as Step];
    next.weight += (one * step.weight * (i + 1)) / (length + 1);
    step.weight = (zero * step.weight * (length - i)) / (length + 1);
  }
  return longer;
}

/** The path as if the feature at `place` had not been met. */
function unwound(path: readonly Step[], place: number): Step[] {
  const last = path.length - 1;
  const { zero, one } = path[place] as Step;
  const shorter = path.map((step) => ({ ...step }));
  let next = (path[last] as Step).weight;
  for (let i = last - 1; i >= 0; i--) {
    const step = shorter[i] as Step;
    if (one !== 0) {
      const before = step.weight;
      step.weight = (next * (last + 1)) / ((i + 1) * one);
      next = before - (step.weight * zero * (last - i)) / (last + 1);
    } else step.weight = (step.weight * (last + 1)) / (zero * (last - i));
  }
  for (let i = place; i < last; i++) {
    const { feature, zero: z, one: o } = path[i + 1] as Step;
    Object.assign(shorter[i] as Step, { feature, zero: z, one: o });
  }
  shorter.pop();
  return shorter;
}
