// Turns texts into sparse rows of word weights (tf-idf): how often a word or pair of words stands in the text, times how rare
// it is among all texts. The same numbers as scikit-learn's TfidfVectorizer(ngram_range=(1, 2)).
//
//   const vocabulary = fitVocabulary(['good food', 'bad food']);   // good, 'good food', food, bad, 'bad food'
//   const rows = tfIdf(['good food'], vocabulary);                 // one row, 'food' the lightest of its three

/** The words and pairs that are known, each with its column and its rarity. */
export interface Vocabulary {
  /** `terms[column]`, in order of first appearance. */
  readonly terms: readonly string[];
  readonly columnOf: ReadonlyMap<string, number>;
  /** `idf[column]` = 1 + ln((1 + texts) / (1 + texts with the term)); at least 1. */
  readonly idf: Float64Array;
}

/** A matrix that is mostly zeros: row `r` has `values[k]` in column `columns[k]`, for k from `starts[r]` to `starts[r + 1] - 1`. */
export interface SparseRows {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/** Lower-cased words of two characters or more, then each pair of neighbours: 'Not good!' gives not, good, 'not good'. */
export function termsOf(text: string): string[] {
  // Marks (\p{M}) belong to words: without them the vowel signs of Hindi would cut its words apart.
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]{2,}/gu) ?? [];
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}

/** Collects the terms of the training texts. Throws if there is no word in them. */
export function fitVocabulary(texts: readonly string[]): Vocabulary {
  const columnOf = new Map<string, number>();
  const textsWith: number[] = [];
  for (const text of texts) {
    for (const term of new Set(termsOf(text))) {
      const column = columnOf.get(term) ?? columnOf.size;
      columnOf.set(term, column);
      textsWith[column] = (textsWith[column] ?? 0) + 1;
    }
  }
  if (columnOf.size === 0)
    throw new Error(`bagOfWords: the ${texts.length} texts hold no word of two characters or more.`);
  const idf = Float64Array.from(textsWith, (count) => 1 + Math.log((1 + texts.length) / (1 + count)));
  return { terms: [...columnOf.keys()], columnOf, idf };
}

/** One row a text, of length 1 (or 0, where it has no known term). Unknown terms are left out. */
export function tfIdf(texts: readonly string[], vocabulary: Vocabulary): SparseRows {
  const starts = new Uint32Array(texts.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [row, text] of texts.entries()) {
    const counts = new Map<number, number>();
    for (const term of termsOf(text)) {
      const column = vocabulary.columnOf.get(term);
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const weights = [...counts].map(([column, count]) => count * (vocabulary.idf[column] as number));
    const length = Math.hypot(...weights);
    columns.push(...counts.keys());
    values.push(...weights.map((weight) => weight / length));
    starts[row + 1] = columns.length;
  }
  return {
    rowCount: texts.length,
    columnCount: vocabulary.terms.length,
    starts,
    columns: Uint32Array.from(columns),
    values: Float64Array.from(values),
  };
}
