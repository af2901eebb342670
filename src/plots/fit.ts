// `fit` as lessons call it: an estimator's own, with its loss, or how far it has come, shown while it works.
//
//   const model = await fit(xgboost({ rounds: 300 }), train, { target: 'churned', validation });

import type { Estimator, FitOptions, FitProgress, TabularModel } from '../tabular/estimator.js';
import type { Table } from '../tabular/table/table.js';
import { fitCurve } from './fit-curve.js';
import { live } from './live.js';
import { type Progress, progress } from './progress.js';

export interface LiveFitOptions extends FitOptions {
  /** Shows the fit under the cell while it works. Default true. */
  readonly progress?: boolean;
  /** Title of the picture. Default: 'Fitting' and the estimator's name. */
  readonly title?: string;
}

/**
 * Fits an estimator to a table: its losses are drawn under the cell as they come, or, where it tells none, one line says how far it
 * has come. What comes back, and what is thrown, is the estimator's own.
 */
export async function fit<Model extends TabularModel>(
  estimator: Estimator<Model>,
  train: Table,
  options: LiveFitOptions,
): Promise<Model> {
  const { progress: shown = true, title = `Fitting ${estimator.name}`, ...rest } = options;
  if (!shown) return estimator.fit(train, rest);
  const step = 'epochs' in estimator.settings ? 'epoch' : 'round';
  const curve = live();
  const history: FitProgress[] = [];
  let line: Progress | undefined;
  const draw = (total: number | undefined) => () =>
    fitCurve(history, { title, step, ...(total === undefined ? {} : { total }) });
  try {
    return await estimator.fit(train, {
      ...rest,
      onProgress(now) {
        const told = [now.loss, now.validationLoss].filter((loss) => loss !== undefined);
        if (told.some((loss) => Number.isFinite(loss))) {
          history.push(finiteOnly(now));
          curve.update(draw(now.total));
        } else {
          line ??= progress(now.total, title);
          line.at(now.done);
        }
        rest.onProgress?.(now);
      },
    });
  } finally {
    // It may have stopped early: the last picture ends where the fit did.
    if (history.length > 0) curve.update(draw(undefined));
    curve.end();
    line?.end();
  }
}

/** A fit that diverges says so itself, by its error; until then the picture shows what is finite. */
function finiteOnly({ done, total, loss, validationLoss }: FitProgress): FitProgress {
  return {
    done,
    total,
    ...(Number.isFinite(loss) ? { loss: loss as number } : {}),
    ...(Number.isFinite(validationLoss) ? { validationLoss: validationLoss as number } : {}),
  };
}
