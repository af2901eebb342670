// Full fine-tuning: every weight trains.
import { plain, type Strategy } from './strategy.js';

export const full = (): Strategy => ({ ...plain, name: 'full', trains: () => true });
