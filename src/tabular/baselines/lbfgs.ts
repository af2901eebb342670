// L-BFGS: the minimum of a smooth function of many numbers, by its gradients. The last steps tell how it bends, so that each next
// step is nearly Newton's (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.4).
//
//   await lbfgs(new Float64Array(2), (x, gradient) => { ...; return value; }, { maxSteps: 100, tolerance: 1e-8 });

export interface LbfgsOptions {
  readonly maxSteps: number;
  /** Stop where no element of the gradient is larger. */
  readonly tolerance: number;
  /** Called after each step, counted from 1, with where it has led; a promise is waited for. */
  readonly afterStep?: (state: { step: number; value: number; x: Float64Array }) => void | Promise<void>;
}

export interface LbfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly steps: number;
  /** Whether the gradient came below the tolerance. */
  readonly converged: boolean;
}

/** Steps that are remembered. */
const MEMORY = 12;

/** Minimises `valueAndGradient`, which writes the gradient at `x` into its second argument. `start` is not changed. */
export async function lbfgs(
  start: Float64Array,
  valueAndGradient: (x: Float64Array, gradient: Float64Array) => number,
  { maxSteps, tolerance, afterStep }: LbfgsOptions,
): Promise<LbfgsResult> {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = valueAndGradient(x, gradient);
  const past: { move: Float64Array; change: Float64Array; curvature: number }[] = [];
  let steps = 0;
  let converged = largest(gradient) <= tolerance;
  while (!converged && steps < maxSteps) {
    let direction = newton(gradient, past);
    let slope = dot(direction, gradient);
    if (slope >= 0) {
      past.length = 0; // rounding has spoilt the memory
      direction = gradient.map((element) => -element);
      slope = -dot(gradient, gradient);
    }
    // The first step is short, as nothing is known of the bend; later ones are tried whole, then halved.
    let length = past.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const nextGradient = new Float64Array(x.length);
    let next = x;
    let nextValue = value;
    let found = false;
    for (let attempt = 0; attempt < 40 && !found; attempt++) {
      next = x.map((element, i) => element + length * (direction[i] as number));
      nextValue = valueAndGradient(next, nextGradient);
      found = nextValue <= value + 1e-4 * length * slope;
      if (!found) length /= 2;
    }
    if (!found) {
      if (past.length === 0) break; // the value cannot be told from its neighbours any more
      past.length = 0;
      continue;
    }
    const move = next.map((element, i) => element - (x[i] as number));
    const change = nextGradient.map((element, i) => element - (gradient[i] as number));
    const curvature = dot(move, change);
    if (curvature > 1e-12 * dot(change, change)) past.push({ move, change, curvature });
    if (past.length > MEMORY) past.shift();
    [x, gradient, value] = [next, nextGradient, nextValue];
    steps++;
    converged = largest(gradient) <= tolerance;
    await afterStep?.({ step: steps, value, x });
  }
  return { x, value, steps, converged };
}

/** Minus the gradient times what the past steps tell about the inverse of the second derivatives. */
function newton(
  gradient: Float64Array,
  past: readonly { move: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((element) => -element);
  const shares = new Float64Array(past.length);
  for (let i = past.length - 1; i >= 0; i--) {
    const { move, change, curvature } = past[i] as (typeof past)[number];
    shares[i] = dot(move, direction) / curvature;
    addScaled(direction, -(shares[i] as number), change);
  }
  const last = past.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) * scale;
  }
  for (const [i, { move, change, curvature }] of past.entries())
    addScaled(direction, (shares[i] as number) - dot(change, direction) / curvature, move);
  return direction;
}

function addScaled(into: Float64Array, scale: number, values: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + scale * (values[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] as number));
  return most;
}
