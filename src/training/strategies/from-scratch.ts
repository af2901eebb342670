// From scratch: the same architecture with random weights, to see what pretraining is worth.
import { freshWeight } from '../../tasks/match-weights.js';
import { plain, type Strategy } from './strategy.js';

export const fromScratch = (): Strategy => ({
  ...plain,
  name: 'from scratch',
  trains: () => true,
  adds: (model, seed) =>
    new Map([...model.weights].map(([name, { shape }]) => [name, freshWeight(model.encoder, name, shape, seed)])),
});
