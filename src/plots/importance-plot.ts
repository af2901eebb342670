// Which columns a model relies on: how much worse it predicts with each of them shuffled.
//
//   show(importancePlot(await permutationImportance(model, test)));

import type { PermutationImportance } from '../tabular/explain/permutation-importance.js';
import { bars } from './bars.js';
import { brief } from './cells.js';
import type { Displayable, Figure } from './figure.js';
import { figure } from './figure.js';
import { columnFormat, requireRows } from './numbers.js';

export interface ImportancePlotOptions {
  readonly title?: string;
  /** Features drawn at most, the most important first. Default 15. */
  readonly most?: number;
}

/** Metrics as they are written. */
const written: Readonly<Record<string, string>> = {
  rocAuc: 'ROC AUC',
  prAuc: 'average precision',
  logLoss: 'log loss (nats)',
  brier: 'Brier score',
  balancedAccuracy: 'balanced accuracy',
  f1: 'F1',
  rmse: 'RMSE',
  mae: 'MAE',
  r2: 'R²',
};

/**
 * Bars of the loss by shuffling each feature, with intervals where they were measured.
 *
 * @throws if there are no features.
 */
export function importancePlot(
  importance: PermutationImportance,
  { title = 'Permutation importance', most = 15 }: ImportancePlotOptions = {},
): Figure & Displayable {
  const all = requireRows(importance.features, 'importancePlot', 'Give what permutationImportance found.');
  const metric = written[importance.metric] ?? importance.metric;
  const rising = !['logLoss', 'brier', 'rmse', 'mae'].includes(importance.metric);
  const shown = all.slice(0, most);
  const picture = bars(
    shown.map(({ feature, importance: value, interval }) => ({
      name: feature,
      value,
      ...(interval ? { interval } : {}),
    })),
    {
      title,
      valueTitle: `${metric} ${rising ? 'lost' : 'added'} by shuffling the column`,
      format: columnFormat(shown.map(({ importance: value }) => value)),
    },
  );
  const left = all.length - shown.length;
  const useless = all.filter(({ importance: value, interval }) => (interval ? interval[0] <= 0 : value <= 0)).length;
  const alt = `Permutation importance on ${importance.rows.toLocaleString('en-US')} rows, ${metric} ${brief(importance.score)} with nothing shuffled. ${shown
    .slice(0, 3)
    .map(({ feature, importance: value }) => `${feature} ${brief(value)}`)
    .join(', ')}. ${useless} of ${all.length} columns cannot be told from useless.`;
  const text = left > 0 ? `${picture.text}\n${shown.length} of ${all.length} columns listed.` : picture.text;
  return figure({ data: picture.data, layout: picture.layout, text, alt });
}
