/**
 * SentencePiece's Unigram model: of all ways to cut a word into pieces of the vocabulary, the one whose scores (log
 * probabilities) add up highest. A character no piece begins with costs 10 more than the worst piece; neighbours of that
 * kind become one unknown token.
 *
 *     const model = unigram({ vocab: [['<unk>', 0], ['▁a', -1], ['▁', -2], ['a', -2]], unk_id: 0 });
 *     model(['▁a']);   // [1]
 *
 * In place of @huggingface/tokenizers' own, which copies a node for each way to each character, and overruns the stack on
 * words of more than some 100,000 pieces. Pieces are kept sorted: those that go on like the text are found by halving.
 */

/** @param json `vocab` holds at least one piece, `unk_id` is one of its places */
export function unigram(json: { readonly vocab: readonly (readonly [string, number])[]; readonly unk_id: number }) {
  // Of a piece that stands twice the later one counts, as in Python.
  const idOf = new Map(json.vocab.map(([piece], id) => [piece, id]));
  idOf.delete('');
  const pieces = [...idOf.keys()].sort();
  const ids = Int32Array.from(pieces, (piece) => idOf.get(piece) as number);
  const scores = Float64Array.from(ids, (id) => (json.vocab[id] as readonly [string, number])[1]);
  const unknownScore = json.vocab.reduce((lowest, [, score]) => Math.min(lowest, score), Number.POSITIVE_INFINITY) - 10;

  const firstWith = new Map<number, number>();
  for (let i = pieces.length - 1; i >= 0; i--) firstWith.set((pieces[i] as string).charCodeAt(0), i);

  /** The first piece of [low, high), all alike up to `depth`, whose code unit there is `unit` or more. */
  function from(low: number, high: number, depth: number, unit: number): number {
    let [start, end] = [low, high];
    while (start < end) {
      const middle = (start + end) >> 1;
      // NaN, which is less than nothing, where the piece has ended: such a one stands before all others.
      if ((pieces[middle] as string).charCodeAt(depth) >= unit) end = middle;
      else start = middle + 1;
    }
    return start;
  }

  return function encode(word: string): number[] {
    const size = word.length;
    const best = new Float64Array(size + 1);
    const cameFrom = new Int32Array(size + 1).fill(-1);
    const idAt = new Int32Array(size + 1);
    const offer = (end: number, score: number, start: number, id: number) => {
      if (cameFrom[end] !== -1 && score <= (best[end] as number)) return;
      best[end] = score;
      cameFrom[end] = start;
      idAt[end] = id;
    };
    for (let start = 0; start < size; ) {
      const soFar = best[start] as number;
      const character = (word.codePointAt(start) as number) > 0xffff ? 2 : 1;
      let known = false;
      let low = firstWith.get(word.charCodeAt(start)) ?? pieces.length;
      let high = pieces.length;
      for (let depth = 0; start + depth < size && low < high; depth++) {
        const unit = word.charCodeAt(start + depth);
        low = from(low, high, depth, unit);
        high = from(low, high, depth, unit + 1);
        if (low < high && (pieces[low] as string).length === depth + 1) {
          offer(start + depth + 1, soFar + (scores[low] as number), start, ids[low] as number);
          if (depth + 1 === character) known = true;
        }
      }
      if (!known) offer(start + character, soFar + unknownScore, start, json.unk_id);
      start += character;
    }
    const found: number[] = [];
    for (let end = size; end > 0; end = cameFrom[end] as number) {
      const id = idAt[end] as number;
      if (id !== json.unk_id || found.at(-1) !== json.unk_id) found.push(id);
    }
    return found.reverse();
  };
}
