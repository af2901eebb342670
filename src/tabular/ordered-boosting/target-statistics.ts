// Target statistics: a category as the share of its rows that are of a class, (rows of the class + prior) / (rows + 1).
//
// Counted naively over all training rows, a row's own answer is in its statistic: a column of ids then predicts the training
// target perfectly and nothing else (target leakage). Ordered statistics put the rows in a random order and count, for each row,
// only those before it (Prokhorenkova et al. 2018, https://arxiv.org/abs/1706.09516). New rows are looked up in counts over the
// whole training set.
//
// Values lie in 0 to 1 and are kept as 16 bins; four statistics of a projection share one 32-bit number a row, because
// whoever reads one reads all.

/** Which statistics a projection has: shares of classes under priors, and after them a counter (how frequent the value is). */
export interface StatisticsPlan {
  /** How many classes the target is counted in: two for a regression, at most and above its border. */
  readonly classes: number;
  readonly shares: readonly { readonly class: number; readonly prior: number }[];
}

/** The highest bin, and how many borders a statistic has. */
export const STATISTIC_BORDERS = 15;
/** Bins of a statistic. */
export const STATISTIC_BINS = STATISTIC_BORDERS + 1;

/** The statistics for a target of so many classes: of two, the second's share under CatBoost's three priors; of more, each one's. */
export function statisticsPlan(classes: number): StatisticsPlan {
  if (classes === 2) return { classes, shares: [0, 0.5, 1].map((prior) => ({ class: 1, prior })) };
  return { classes, shares: Array.from({ length: classes }, (_, k) => ({ class: k, prior: 1 / classes })) };
}

/** How many statistics there are, the counter among them. */
export const statisticCount = ({ shares }: StatisticsPlan): number => shares.length + 1;

/** How many 32-bit numbers a row they take. */
export const groupCount = (plan: StatisticsPlan): number => Math.ceil(statisticCount(plan) / 4);

/** The bin of (count + prior) / (rows + 1). The small summand keeps thirds from falling below their border by rounding. */
const binOf = (count: number, prior: number, scale: number): number => ((count + prior) * scale + 1e-6) | 0;
const scaleOf = (rows: number): number => STATISTIC_BORDERS / (rows + 1);

/** The statistics of rows in their order, each counted over the rows before it; the counter over all. */
export interface OrderedStatistics {
  /** By group of four, then row. */
  readonly packed: readonly Uint32Array[];
  /** How many different values the rows have. */
  readonly distinct: number;
}

/**
 * @param values each row's value, below `size`
 * @param labels each row's class
 * @param room gives arrays to write to, of any content
 */
export function orderedStatistics(
  values: Int32Array,
  size: number,
  labels: Uint8Array,
  plan: StatisticsPlan,
  room: (rows: number) => Uint32Array = (rows) => new Uint32Array(rows),
): OrderedStatistics {
  const rows = values.length;
  const totals = new Int32Array(size);
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    totals[value] = (totals[value] as number) + 1;
  }
  let most = 0;
  let distinct = 0;
  for (let value = 0; value < size; value++) {
    const total = totals[value] as number;
    if (total > most) most = total;
    if (total > 0) distinct++;
  }
  const counters = totals; // in place: the bin instead of the total
  const scale = scaleOf(most);
  for (let value = 0; value < size; value++) counters[value] = binOf(totals[value] as number, 0, scale);
  const packed = Array.from({ length: groupCount(plan) }, () => room(rows));
  if (plan.classes === 2) countTwoClasses(packed[0] as Uint32Array, values, size, labels, counters);
  else countClasses(packed, values, size, labels, counters, plan);
  return { packed, distinct };
}

/** The plan of two classes written out: one class, priors 0, 1/2 and 1, the counter in the fourth place. */
function countTwoClasses(
  packed: Uint32Array,
  values: Int32Array,
  size: number,
  labels: Uint8Array,
  counters: Int32Array,
): void {
  const rows = values.length;
  const seen = new Int32Array(size * 2); // rows and rows of class 1 so far, side by side
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    const at = value * 2;
    const count = seen[at] as number;
    const ones = seen[at + 1] as number;
    const scale = STATISTIC_BORDERS / (count + 1);
    const share = ones * scale + 1e-6;
    packed[row] = share | ((share + scale * 0.5) << 8) | ((share + scale) << 16) | ((counters[value] as number) << 24);
    seen[at] = count + 1;
    seen[at + 1] = ones + (labels[row] as number);
  }
}

function countClasses(
  packed: readonly Uint32Array[],
  values: Int32Array,
  size: number,
  labels: Uint8Array,
  counters: Int32Array,
  plan: StatisticsPlan,
): void {
  const { classes, shares } = plan;
  const seen = new Int32Array(size * (classes + 1)); // rows of each class so far, and all
  for (const group of packed) group.fill(0);
  const counterGroup = packed[shares.length >> 2] as Uint32Array;
  const counterShift = (shares.length & 3) * 8;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const at = value * (classes + 1);
    const scale = scaleOf(seen[at + classes] as number);
    for (let s = 0; s < shares.length; s++) {
      const share = shares[s] as StatisticsPlan['shares'][number];
      const group = packed[s >> 2] as Uint32Array;
      const bin = binOf(seen[at + share.class] as number, share.prior, scale);
      group[row] = (group[row] as number) | (bin << ((s & 3) * 8));
    }
    counterGroup[row] = (counterGroup[row] as number) | ((counters[value] as number) << counterShift);
    const label = labels[row] as number;
    seen[at + label] = (seen[at + label] as number) + 1;
    seen[at + classes] = (seen[at + classes] as number) + 1;
  }
}

/**
 * The statistics of values by their counts over all training rows, for looking up new rows: by statistic, then value. The last
 * entry is of a value that training did not know.
 * @param counts by value, then class
 */
export function wholeStatistics(counts: Int32Array, plan: StatisticsPlan): Uint8Array[] {
  const { classes, shares } = plan;
  const size = counts.length / classes;
  const totals = new Int32Array(size + 1);
  for (let i = 0; i < counts.length; i++) {
    const value = Math.floor(i / classes);
    totals[value] = (totals[value] as number) + (counts[i] as number);
  }
  const most = totals.reduce((a, b) => Math.max(a, b), 0);
  const ofShares = shares.map(({ class: k, prior }) => {
    const bins = new Uint8Array(size + 1);
    for (let value = 0; value <= size; value++)
      bins[value] = binOf(counts[value * classes + k] ?? 0, prior, scaleOf(totals[value] as number));
    return bins;
  });
  return [...ofShares, Uint8Array.from(totals, (total) => binOf(total, 0, scaleOf(most)))];
}
