// Everything a fit has learnt: what predictions are made of, and what is saved.

import type { Feature } from '../features.js';
import type { Task } from '../target.js';
import type { Grid } from './columns.js';
import type { ProjectionCounts } from './lookup.js';
import type { StatisticsPlan } from './target-statistics.js';
import type { Tree } from './tree.js';

/** Everything learnt. */
export interface Forest {
  readonly task: Task;
  readonly features: readonly Feature[];
  /** How each feature is read. */
  readonly grids: readonly Grid[];
  readonly plan: StatisticsPlan;
  /** Of a regression: targets above it are class 1 of the target statistics. */
  readonly targetBorder: number;
  /** The raw output before any tree, by dimension. */
  readonly start: readonly number[];
  readonly trees: readonly Tree[];
  /** The counts of every projection that trees ask about, by its key. */
  readonly counts: ReadonlyMap<string, ProjectionCounts>;
}
