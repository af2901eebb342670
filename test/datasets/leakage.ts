// Finds texts that are nearly the same: pairs whose sets of 5-character pieces overlap (Jaccard: shared / all) beyond a threshold.
//
//   nearDuplicates([{ text: 'Broke after a week!' }, { text: 'broke after a week' }], 0.5);   // one pair, similarity 0.88

export interface NearDuplicate {
  readonly first: string;
  readonly second: string;
  readonly similarity: number;
}

/** All pairs of texts at or above `threshold`, most alike first. An index from piece to texts spares comparing unrelated ones. */
export function nearDuplicates(texts: readonly string[], threshold: number): NearDuplicate[] {
  const pieces = texts.map(fiveGrams);
  const textsWith = new Map<string, number[]>();
  const found: NearDuplicate[] = [];
  for (const [i, own] of pieces.entries()) {
    const shared = new Map<number, number>();
    for (const piece of own) {
      const others = textsWith.get(piece) ?? [];
      for (const other of others) shared.set(other, (shared.get(other) ?? 0) + 1);
      others.push(i);
      textsWith.set(piece, others);
    }
    for (const [other, count] of shared) {
      const similarity = count / (own.size + (pieces[other]?.size ?? 0) - count);
      if (similarity >= threshold)
        found.push({ first: texts[other] as string, second: texts[i] as string, similarity });
    }
  }
  return found.sort((a, b) => b.similarity - a.similarity);
}

/** The 5-character pieces of a text, case, punctuation and spacing aside; a shorter text is one piece. */
function fiveGrams(text: string): Set<string> {
  const plain = [
    ...text
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim(),
  ];
  const pieces = new Set<string>();
  for (let i = 0; i < Math.max(1, plain.length - 4); i++) pieces.add(plain.slice(i, i + 5).join(''));
  return pieces;
}
