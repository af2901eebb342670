// From rows of text to batches of token ids. Graphs have fixed shapes, so texts are padded to one of a few lengths and a
// short last batch is filled up with rows of weight 0.
import { type HostTensor, hostTensor } from '../engine/index.js';
import { seededRandom, shuffled } from '../hub/random.js';
import type { TextTokenizer } from './tokenizer.js';

export interface TextBatch {
  /** Indices of the rows in the order they were given. */
  readonly rows: readonly number[];
  /** int32 [batch, length] each. */
  readonly inputs: {
    readonly inputIds: HostTensor;
    /** 1 for tokens, 0 for padding. */
    readonly attentionMask: HostTensor;
    /** 0 throughout: a row is one text. */
    readonly tokenTypeIds: HostTensor;
  };
  /** int32 [batch]; 0 where a row only fills up. */
  readonly labels: HostTensor;
  /** float32 [batch]: 1 for rows, 0 for those that only fill up. */
  readonly rowWeights: HostTensor;
  /** For each of `rows`, how many of its tokens did not fit; absent from batches not made of texts. */
  readonly dropped?: readonly number[];
}

export interface BatchOptions {
  readonly batchSize: number;
  /** Longest input in tokens; longer texts are cut. */
  readonly maxLength: number;
  /** Shuffles the rows. Without it they stay in order. */
  readonly seed?: number;
  /** Puts texts of like length together, which saves padding. Needs a seed, or sorts all rows. Default true. */
  readonly groupByLength?: boolean;
}

/** The lengths batches are padded to: few enough that each is traced once, close enough that little is padded. */
function paddedLength(length: number, maxLength: number): number {
  const step = length <= 64 ? 16 : length <= 128 ? 32 : 64;
  return Math.min(Math.ceil(length / step) * step, maxLength);
}

/**
 * Batches of exactly `batchSize` rows, each padded to a length that few batches differ in. Without rows there are none.
 * @throws RangeError where `maxLength` has no room for the special tokens
 */
export function textBatches(
  tokenizer: TextTokenizer,
  rows: readonly { readonly text: string; readonly label?: number }[],
  { batchSize, maxLength, seed, groupByLength = true }: BatchOptions,
): TextBatch[] {
  const encoded = rows.map(({ text }) => tokenizer.encode(text, maxLength));
  const idsOf = (row: number) => (encoded[row] as (typeof encoded)[number]).ids;
  const size = (row: number) => idsOf(row).length;
  const inOrder = rows.map((_, row) => row);
  const random = seed === undefined ? undefined : seededRandom(seed);
  const order = random ? shuffled(inOrder, random) : inOrder;
  if (!groupByLength) return chunks(order, batchSize).map(make);

  // Sorting all rows would give every epoch the same batches; sorting within stretches of the shuffled order does not.
  const stretches = random ? chunks(order, batchSize * 16) : [order];
  const sorted = stretches.flatMap((stretch) => stretch.toSorted((a, b) => size(a) - size(b)));
  const batches = chunks(sorted, batchSize);
  return (random ? shuffled(batches, random) : batches).map(make);

  function make(members: readonly number[]): TextBatch {
    const length = paddedLength(Math.max(...members.map(size)), maxLength);
    const ids = new Int32Array(batchSize * length).fill(tokenizer.padId);
    const mask = new Int32Array(batchSize * length);
    members.forEach((row, i) => {
      ids.set(idsOf(row), i * length);
      mask.fill(1, i * length, i * length + size(row));
    });
    // A row that only fills up still needs one token to attend to.
    for (let i = members.length; i < batchSize; i++) mask[i * length] = 1;
    const shape = [batchSize, length];
    return {
      rows: members,
      inputs: {
        inputIds: hostTensor(ids, shape),
        attentionMask: hostTensor(mask, shape),
        tokenTypeIds: hostTensor(new Int32Array(batchSize * length), shape),
      },
      labels: hostTensor(
        Int32Array.from({ length: batchSize }, (_, i) => labelOf(members[i])),
        [batchSize],
      ),
      rowWeights: hostTensor(
        Float32Array.from({ length: batchSize }, (_, i) => (i < members.length ? 1 : 0)),
        [batchSize],
      ),
      dropped: members.map((row) => (encoded[row] as (typeof encoded)[number]).dropped),
    };
  }

  function labelOf(row: number | undefined): number {
    return row === undefined ? 0 : (rows[row]?.label ?? 0);
  }
}

/** What cutting texts to a length takes from them. */
export interface Truncation {
  /** How many texts are cut. */
  readonly texts: number;
  /** How many tokens they lose, all together. */
  readonly tokens: number;
  /** Tokens of the longest text before cutting, special ones included; 0 without texts. */
  readonly longest: number;
}

/**
 * Counts what does not fit, for a message such as `truncationMessage` makes.
 *
 *     truncation(tokenizer, [{ text: 'one two three four' }], 4);   // { texts: 1, tokens: 2, longest: 6 }
 */
export function truncation(
  tokenizer: TextTokenizer,
  rows: readonly { readonly text: string }[],
  maxLength: number,
): Truncation {
  let [texts, tokens, longest] = [0, 0, 0];
  for (const { text } of rows) {
    const { ids, dropped } = tokenizer.encode(text, maxLength);
    if (dropped > 0) texts++;
    tokens += dropped;
    longest = Math.max(longest, ids.length + dropped);
  }
  return { texts, tokens, longest };
}

/** One line for people, undefined where everything fits. */
export function truncationMessage({ texts, tokens, longest }: Truncation, maxLength: number): string | undefined {
  if (texts === 0) return undefined;
  const long = texts === 1 ? '1 text was' : `${texts} texts were`;
  const lost = tokens === 1 ? '1 token was' : `${tokens} tokens were`;
  const ends = texts === 1 ? 'the end' : 'their ends';
  return `${long} longer than ${maxLength} tokens (the longest has ${longest}): ${lost} left out, at ${ends}.`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
