import { describeParity } from '../parity.js';
import { reduceCases } from './reduce.cases.js';

describeParity('reduce', reduceCases);
