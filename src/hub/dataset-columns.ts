/**
 * Which column of a data set holds the text and which the label, where nobody has said so.
 *
 *     chooseColumns(columns, {}, 'stanfordnlp/sst2');   // { text: 'sentence', label: { name: 'label', labels: ['negative', ...] } }
 */
import type { DataColumn } from './data-file.js';

const TEXTS = [
  ...['text', 'sentence', 'content', 'review', 'review_body', 'comment', 'comment_text', 'tweet', 'utterance'],
  ...['headline', 'message', 'document', 'body', 'query', 'question', 'title', 'description'],
];
const LABELS = [
  ...['label', 'labels', 'class', 'category', 'target', 'sentiment', 'intent', 'topic', 'emotion', 'language'],
  ...['stars', 'rating', 'score', 'y'],
];
/** Columns that are one text each in tasks about two. */
const PAIRS = [
  ['sentence1', 'sentence2'],
  ['sentence_1', 'sentence_2'],
  ['question1', 'question2'],
  ['text1', 'text2'],
  ['premise', 'hypothesis'],
  ['question', 'sentence'],
  ['question', 'passage'],
  ['question', 'context'],
  ['query', 'passage'],
] as const;

export interface ChosenColumns {
  readonly text: string;
  readonly label: DataColumn;
}

/**
 * @param wanted what was asked for, which must be there
 * @throws Error that lists the columns and says how to name them
 */
export function chooseColumns(
  columns: readonly DataColumn[],
  wanted: { readonly text?: string | undefined; readonly label?: string | undefined },
  name: string,
): ChosenColumns {
  const find = (column: string): DataColumn | undefined => columns.find((one) => one.name === column);
  const refuse = (problem: string): never => {
    const example = `{ text: '${columns.find(({ kind }) => kind === 'string')?.name ?? '...'}', label: '${columns.at(-1)?.name ?? '...'}' }`;
    const shown = columns.map(({ name, kind, labels }) => `${name} (${labels ? 'class label' : kind})`);
    throw new Error(`${name}: ${problem} Its columns are ${shown.join(', ')}. Say which to read, such as ${example}.`);
  };
  for (const column of [wanted.text, wanted.label]) {
    if (column !== undefined && find(column) === undefined) refuse(`no column '${column}'.`);
  }
  const label = wanted.label === undefined ? labelAmong(columns, refuse) : (find(wanted.label) as DataColumn);
  if (label.kind === 'other')
    refuse(`the column '${label.name}' has no single label a row, so it is no classification.`);

  const pair = PAIRS.find((names) => names.every(find));
  if (wanted.text === undefined && pair !== undefined) {
    refuse(`it is about two texts a row, ${pair.join(' and ')}, and we classify one.`);
  }
  const texts = columns.filter((column) => column.kind === 'string' && column !== label);
  const only = texts.length === 1 ? texts[0]?.name : undefined;
  const text = wanted.text ?? TEXTS.find((known) => texts.some(({ name }) => name === known)) ?? only;
  return { text: text ?? refuse('it is not clear which column holds the text.'), label };
}

function labelAmong(columns: readonly DataColumn[], refuse: (problem: string) => never): DataColumn {
  const classes = columns.filter(({ labels }) => labels !== undefined);
  const named = LABELS.map((known) => columns.find(({ name, kind }) => name === known && kind !== 'other'));
  const label = classes.length === 1 ? classes[0] : named.find((column) => column !== undefined);
  return label ?? refuse('it is not clear which column holds the label.');
}
