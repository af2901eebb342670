import { describeParity } from '../parity.js';
import { createCases } from './create.cases.js';

describeParity('create', createCases);
