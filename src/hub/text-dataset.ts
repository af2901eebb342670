// What a text data set is: rows of text with one label each, in three splits.
//
//   const reviews = await loadDataset('reviews');
//   reviews.labels;                     // ['negative', 'positive']
//   reviews.train[0];                   // { text: 'Broke after a week.', label: 0, subject: 'kettle', kind: 'plain' }
//   reviews.labels[reviews.train[0].label];   // 'negative'

/** One text and its label. Further columns of the file stay on the row under their own names. */
export interface TextRow {
  readonly text: string;
  /** Index into the data set's `labels`, from 0. */
  readonly label: number;
  readonly [field: string]: unknown;
}

/** The parts of a data set: learn on `train`, choose on `validation`, report on `test`. */
export interface TextSplits {
  readonly train: readonly TextRow[];
  readonly validation: readonly TextRow[];
  readonly test: readonly TextRow[];
}

/** A whole data set. `labels[row.label]` is the name of a row's label. */
export interface TextDataset extends TextSplits {
  readonly name: string;
  readonly labels: readonly string[];
  /** The commit it was read at, where it comes from the hub: give it as `revision` to read the same rows again. */
  readonly revision?: string;
  /** What somebody who uses it should know, such as that a split was drawn from another. */
  readonly notes?: readonly string[];
}
