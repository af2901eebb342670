import { describeParity } from '../parity.js';
import { operatorCases } from './operators.cases.js';

describeParity('operators', operatorCases);
