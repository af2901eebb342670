// The loop of boosting: trees until there are enough, the validation loss has stopped falling, or someone stops it.

import { interruptible } from '../../training/interrupt.js';
import { FitInterrupted, type FitOptions } from '../estimator.js';
import { cappedRounds } from '../quick.js';
import type { Table } from '../table/table.js';
import { Boosting } from './boosting.js';
import { OrderedBoostingModel } from './model.js';
import type { OrderedBoostingSettings } from './options.js';
import { prepare } from './prepare.js';

/** The event loop gets a turn at least so often, as long as a level of a tree does not take longer. */
const TURN_MS = 50;

export async function fitOrderedBoosting(
  settings: OrderedBoostingSettings,
  train: Table,
  options: FitOptions,
): Promise<OrderedBoostingModel> {
  const boosting = new Boosting(settings, prepare(settings, train, options));
  const total = cappedRounds(settings.rounds);
  const patience = options.validation === undefined ? undefined : settings.earlyStoppingRounds;
  const validationLosses: number[] = [];
  let best = { trees: boosting.treeCount, loss: Number.POSITIVE_INFINITY };
  const model = () =>
    new OrderedBoostingModel(
      boosting.forest(patience === undefined ? boosting.treeCount : best.trees),
      validationLosses,
    );

  return interruptible(options.signal, async (interrupted) => {
    const pause = turns();
    for (let done = 0; done < total; done++) {
      if (interrupted())
        throw new FitInterrupted(
          `The fit was stopped after ${done} of ${total} rounds. The error's model has the trees so far.`,
          boosting.treeCount > 0 ? model() : undefined,
        );
      await boosting.round(pause);
      const validationLoss = boosting.validationLoss();
      if (validationLoss !== undefined) validationLosses.push(validationLoss);
      if (validationLoss !== undefined && validationLoss < best.loss)
        best = { trees: boosting.treeCount, loss: validationLoss };
      options.onProgress?.({
        done: done + 1,
        total,
        loss: boosting.trainingLoss(),
        ...(validationLoss === undefined ? {} : { validationLoss }),
      });
      if (patience !== undefined && boosting.treeCount - best.trees >= patience) break;
    }
    return model();
  });
}

/** Gives the event loop a turn when it has had none for a while. */
function turns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
  };
}
