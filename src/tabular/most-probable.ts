// From probabilities, or scores that grow with them, to labels.
//
//   mostProbable([Float64Array.of(0.7, 0.2), Float64Array.of(0.3, 0.8)]);   // 0, 1

/** The class with the highest number in each row, of several the first. `probabilities` are one array a class, each with a number a row. */
export function mostProbable(probabilities: readonly Float64Array[]): Float64Array {
  return Float64Array.from(probabilities[0] ?? [], (_, row) => {
    let best = 0;
    for (let code = 1; code < probabilities.length; code++)
      if ((probabilities[code]?.[row] as number) > (probabilities[best]?.[row] as number)) best = code;
    return best;
  });
}
