import { describeParity } from '../parity.js';
import { compareCases } from './compare.cases.js';

describeParity('compare', compareCases);
