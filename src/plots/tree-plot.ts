// One decision tree, to be read from the left: each box asks, the upper branch is yes, the lower no.
//
//   show(treePlot(await decisionTree({ maxDepth: 3 }).fit(train, { target: 'churned' })));

import type { TreeNode } from '../tabular/explain/tree-node.js';
import type { Task } from '../tabular/target.js';
import { brief, shortened } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { compact, percent } from './numbers.js';
import { baseLayout, grey, inkOn, plain, rgb, scaleColor, seriesStyle } from './theme.js';
import { endsOf } from './thin.js';

/** A model that is one tree. */
export interface TreeModel {
  readonly root: TreeNode;
  readonly task: Task;
}

export interface TreePlotOptions {
  readonly title?: string;
  /** Questions drawn from the root at most; what is below is one box. Default 4. */
  readonly maxDepth?: number;
}

/** A node with its place: `y` in rows of leaves, `x` in questions from the root. */
interface Placed {
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly branches: readonly Placed[];
}

/**
 * The tree as boxes coloured by the share of the second of two classes, the most common of more, or the mean of the target.
 *
 * @throws if a node has a question but not both branches.
 */
export function treePlot(
  { root, task }: TreeModel,
  { title = `A tree for '${task.target}'`, maxDepth = 4 }: TreePlotOptions = {},
): Figure & Displayable {
  if (!Number.isInteger(maxDepth) || maxDepth < 0)
    throw new Error(`treePlot: maxDepth must be a whole number from 0, not ${maxDepth}.`);
  checkNode(root);
  let leaves = 0;
  const place = (node: TreeNode, x: number): Placed => {
    if (x === maxDepth || node.left === undefined || node.right === undefined)
      return { node, x, y: leaves++, branches: [] };
    const branches = [place(node.left, x + 1), place(node.right, x + 1)];
    return { node, x, y: ((branches[0]?.y as number) + (branches[1]?.y as number)) / 2, branches };
  };
  const tree = place(root, 0);
  const all = [tree, ...below(tree)];
  const depth = Math.max(...all.map(({ x }) => x));
  const paint = paintOf(task, root);
  const answer = answerOf(task);
  // As many characters as a column has room for at the narrowest width of a page, 640.
  const room = Math.max(14, Math.floor(580 / (depth + 1) / 6.4) - 2);
  const edges = all.flatMap((parent) => parent.branches.map((child) => ({ parent, child })));
  const data = [
    {
      ...{ type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { color: grey, width: 1.5 } },
      // From the box sideways, then to the branch: lines leave no doubt which box they end in.
      x: edges.flatMap(({ parent, child }) => [parent.x, parent.x + 0.5, parent.x + 0.5, child.x, null]),
      y: edges.flatMap(({ parent, child }) => [parent.y, parent.y, child.y, child.y, null]),
    },
    {
      ...{ type: 'scatter', mode: 'markers', marker: { size: 30, opacity: 0, color: grey } },
      ...{ x: all.map(({ x }) => x), y: all.map(({ y }) => y) },
      hovertext: all.map(({ node }) => details(node, task, answer)),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  const boxes = all.map(({ node, x, y, branches }) => {
    const ground = paint(node);
    const cut = branches.length === 0 && node.left !== undefined ? `, ${countLeaves(node)} leaves` : '';
    const lines = [
      ...(branches.length > 0 ? wrapped(question(node, 2), room).map((line) => `<b>${plain(line)}</b>`) : []),
      plain(shortened(answer(node), room)),
      `${compact(node.samples)} rows${cut}`,
    ];
    return {
      ...{ x, y, text: lines.join('<br>'), showarrow: false, font: { size: 11, color: inkOn(ground) }, borderpad: 3 },
      ...{ bgcolor: `rgb(${ground.map(Math.round).join(',')})`, bordercolor: '#8A8A8A', borderwidth: 1 },
    };
  });
  const hidden = { visible: false, fixedrange: false };
  const layout = baseLayout(
    {
      title,
      subtitle: `Upper branch: yes; lower: no. ${legendOf(task)}`,
      height: Math.max(leaves, 2) * 58 + 110,
    },
    {
      xaxis: { ...hidden, range: [-0.5, depth + 0.5] },
      yaxis: { ...hidden, range: [leaves - 0.4, -0.6] },
      annotations: boxes,
      ...{ showlegend: false, margin: { l: 20, r: 20, t: 84, b: 16 } },
    },
  );
  return figure({ data, layout, text: asText(tree, answer), alt: finding(tree, task, answer) });
}

function checkNode(node: TreeNode): void {
  const { feature, threshold, categories, left, right } = node;
  const isSplit = feature !== undefined;
  if ((left === undefined) !== !isSplit || (right === undefined) !== !isSplit)
    throw new Error(
      `treePlot: a node ${isSplit ? `that asks about '${feature}' needs both a left and a right branch` : 'has branches but asks about no feature'}.`,
    );
  if (isSplit && threshold === undefined && categories === undefined)
    throw new Error(`treePlot: the node that asks about '${feature}' has neither a threshold nor categories.`);
  for (const branch of [left, right]) if (branch !== undefined) checkNode(branch);
}

const below = ({ branches }: Placed): Placed[] => branches.flatMap((branch) => [branch, ...below(branch)]);
const countLeaves = ({ left, right }: TreeNode): number =>
  left === undefined || right === undefined ? 1 : countLeaves(left) + countLeaves(right);

/** 'age ≤ 40', 'plan is basic', 'plan is basic or plus'; of more than `most` categories some, or their number. */
function question({ feature, threshold, categories }: TreeNode, most = 8): string {
  if (threshold !== undefined) return `${feature} ≤ ${brief(threshold)}`;
  const names = categories ?? [];
  if (names.length > most && most < 3) return `${feature} is one of ${names.length}`;
  const said = names.length <= most ? names : [...names.slice(0, most - 1), `${names.length - most + 1} more`];
  return names.length === 0 ? `${feature} is missing` : `${feature} is ${said.join(' or ')}`;
}

/** A text on at most two lines, broken between words. */
function wrapped(text: string, room: number): string[] {
  const characters = [...text.replace('≤ ', '≤\u00a0')]; // a sign and its number stay together
  if (characters.length <= room) return [text];
  const at = characters.slice(0, room + 1).lastIndexOf(' ');
  const first = characters.slice(0, at > 0 ? at : room).join('');
  return [
    first,
    shortened(
      characters
        .slice([...first].length)
        .join('')
        .trimStart(),
      room,
    ),
  ];
}

/** What the tree says of a node's rows: '34% yes', 'setosa 90%', '18.2'. */
function answerOf(task: Task): (node: TreeNode) => string {
  return ({ value }) => {
    if (typeof value === 'number' || task.kind === 'regression') return brief(Number(value));
    if (value.length === 2) return `${percent(value[1] as number, 0)} ${task.classes[1]}`;
    const best = value.indexOf(Math.max(...value));
    return `${task.classes[best]} ${percent(value[best] as number, 0)}`;
  };
}

function legendOf(task: Task): string {
  if (task.kind === 'regression') return `Colour: mean of ${task.target}, dark is high.`;
  return task.classes.length === 2
    ? `Colour: share of ${task.target} = ${task.classes[1]}, dark is high.`
    : `Colour: the most common ${task.target}, dark where it is sure.`;
}

/** A node's colour as red, green and blue. */
function paintOf(task: Task, root: TreeNode): (node: TreeNode) => readonly number[] {
  const values: number[] = [];
  const collect = ({ value, left, right }: TreeNode): void => {
    values.push(scalar(value));
    for (const branch of [left, right]) if (branch !== undefined) collect(branch);
  };
  collect(root);
  const [low, high] = task.kind === 'regression' ? endsOf(values) : [0, 1];
  if (task.kind === 'regression' || task.classes.length === 2)
    return ({ value }) => scaleColor(high > low ? (scalar(value) - low) / (high - low) : 0.5);
  return ({ value }) => {
    const shares = value as readonly number[];
    const best = shares.indexOf(Math.max(...shares));
    const strength = Math.min(
      0.85,
      Math.max(0, ((shares[best] as number) - 1 / shares.length) / (1 - 1 / shares.length)),
    );
    return rgb(seriesStyle(best).color).map((part) => 255 + (part - 255) * strength);
  };
}

/** The number a colour stands for: the share of the second class, or the mean. */
const scalar = (value: TreeNode['value']): number => (typeof value === 'number' ? value : (value[1] as number));

function details(node: TreeNode, task: Task, answer: (node: TreeNode) => string): string {
  const asked = node.feature === undefined ? [] : [`<b>${plain(question(node))}?</b>`];
  const missing = node.missingLeft === undefined ? [] : [`without a value: ${node.missingLeft ? 'yes' : 'no'}`];
  const shares =
    typeof node.value === 'number' || task.kind === 'regression'
      ? [`mean ${plain(answer(node))}`]
      : node.value.slice(0, 10).map((share, i) => `${plain(task.classes[i] as string)}: ${percent(share)}`);
  return [...asked, `${node.samples.toLocaleString('en-US')} rows`, ...shares, ...missing].join('<br>');
}

/** The tree as indented questions. */
function asText(tree: Placed, answer: (node: TreeNode) => string): string {
  const lines = ({ node, branches }: Placed, indent: string, said: string): string[] => {
    const rows = `${answer(node)}, ${node.samples.toLocaleString('en-US')} rows`;
    if (branches.length === 0)
      return [`${indent}${said}${rows}${node.left === undefined ? '' : `, ${countLeaves(node)} leaves below`}`];
    return [
      `${indent}${said}${question(node)}? (${rows})`,
      ...branches.flatMap((branch, i) => lines(branch, `${indent}  `, i === 0 ? 'yes: ' : 'no: ')),
    ];
  };
  return lines(tree, '', '').join('\n');
}

function finding(tree: Placed, task: Task, answer: (node: TreeNode) => string): string {
  const { node } = tree;
  const count = countLeaves(node);
  const opening = `A tree for '${task.target}' with ${count} ${count === 1 ? 'leaf' : 'leaves'}`;
  if (node.left === undefined || node.right === undefined) return `${opening}: ${answer(node)} for all rows.`;
  return `${opening}. It first asks whether ${question(node)}: of those that are ${answer(node.left)} (${compact(node.left.samples)} rows), of the others ${answer(node.right)} (${compact(node.right.samples)} rows).`;
}
