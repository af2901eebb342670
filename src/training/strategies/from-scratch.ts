// From scratch: the same architecture with random weights, to see what pretraining is worth.
import { startingValue } from '../../tasks/match-weights.js';
import { plain, type Strategy } from './strategy.js';

export const fromScratch = (): Strategy => ({
  ...plain,
  name: 'from scratch',
  trains: () => true,
  adds: (model, seed) =>
    new Map(
      [...model.weights].map(([name, { shape }]) => [
        name,
        startingValue(name, shape, model.encoder.initializerRange, seed),
      ]),
    ),
});
