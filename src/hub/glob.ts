/**
 * Whether a path fits a pattern as Python's fsspec reads it: `*` and `?` stay within a folder, `**` does not; `[0-9]`, `{a,b}`.
 *
 *     fits('data/train-00000-of-00002.parquet', 'data/train-*');   // true
 *
 * Patterns come from other people: it takes a time of at most the product of both lengths.
 */
type Step =
  | { readonly kind: 'one'; readonly accepts: (char: string) => boolean }
  | { readonly kind: 'many'; readonly deep: boolean };

export function fits(path: string, pattern: string): boolean {
  return alternatives(pattern).some((one) => matches(path, stepsOf(one)));
}

/** `a{b,c}d` as `abd` and `acd`; at most some hundred of them. */
function alternatives(pattern: string): string[] {
  // `**/` may stand for no folder at all.
  let made = [pattern.replace(/\*\*+\//g, '{,**/}')];
  for (let round = 0; round < 8 && made.length < 100; round++) {
    made = made.flatMap((one) => {
      const [whole, inner] = /\{([^{}]*,[^{}]*)\}/.exec(one) ?? [];
      return whole === undefined ? [one] : (inner as string).split(',').map((part) => one.replace(whole, () => part));
    });
  }
  return made;
}

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    const close = pattern.indexOf(']', i + 2);
    if (char === '*') {
      const deep = pattern[i + 1] === '*';
      while (pattern[i + 1] === '*') i++;
      steps.push({ kind: 'many', deep });
    } else if (char === '?') {
      steps.push({ kind: 'one', accepts: (other) => other !== '/' });
    } else if (char === '[' && close > 0) {
      steps.push({ kind: 'one', accepts: charsOf(pattern.slice(i + 1, close)) });
      i = close;
    } else {
      steps.push({ kind: 'one', accepts: (other) => other === char });
    }
  }
  return steps;
}

/** The inside of `[a-z_]` or `[!a-z]`. */
function charsOf(inside: string): (char: string) => boolean {
  const not = /^[!^]/.test(inside);
  const ranges = [...(not ? inside.slice(1) : inside).matchAll(/(.)-(.)|(.)/gs)];
  return (char) =>
    char !== '/' && ranges.some(([, from, to, one]) => (one ? char === one : char >= from! && char <= to!)) !== not;
}

/** Follows all ways through the steps at once. */
function matches(path: string, steps: readonly Step[]): boolean {
  let at = spread(new Set([0]), steps);
  for (const char of path) {
    const next = new Set<number>();
    for (const i of at) {
      const step = steps[i];
      if (step?.kind === 'one' && step.accepts(char)) next.add(i + 1);
      if (step?.kind === 'many' && (step.deep || char !== '/')) next.add(i);
    }
    at = spread(next, steps);
  }
  return at.has(steps.length);
}

/** `*` may stand for nothing. */
function spread(at: Set<number>, steps: readonly Step[]): Set<number> {
  for (const i of at) if (steps[i]?.kind === 'many') at.add(i + 1);
  return at;
}
