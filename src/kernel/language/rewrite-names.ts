// What a variable of the notebook is called in running code, and how to take that out of V8's messages again.
//
//   total        total$.v           a variable whose box this cell knows
//   total        $.late.total       a name nobody knows yet: looked up when it is read
//   total(1)     (0, total$.v)(1)   a call, without the box as its `this`

/** Hands out names that do not occur in a text. */
export class FreshNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `wanted`, or that with more dollar signs behind it. */
  take(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) name += '$';
    this.#taken.add(name);
    return name;
  }
}

const word = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*?';
const called = new RegExp(`\\(0 ?, ?(?:(${word})\\$+\\.v|\\$+\\.late\\.(${word}))\\)`, 'gu');
const read = new RegExp(
  `(?<![\\p{ID_Continue}$.])(?:(${word})\\$+\\.v(?![\\p{ID_Continue}$])|\\$+\\.late\\.(?=[\\p{ID_Start}$_]))`,
  'gu',
);

/**
 * A message of V8, in which it quotes running code, in the words of the cell:
 * `(0 , total$.v) is not a function` becomes `total is not a function`.
 */
export function plainMessage(message: string): string {
  return message
    .replace(called, (_, box: string | undefined, late: string | undefined) => box ?? late ?? '')
    .replace(read, (_, box: string | undefined) => box ?? '')
    .replace(/\$+\.wait\(\.\.\.\)/g, '(intermediate value)');
}
