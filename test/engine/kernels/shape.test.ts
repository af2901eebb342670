import { describeParity } from '../parity.js';
import { shapeCases } from './shape.cases.js';

describeParity('shape', shapeCases);
