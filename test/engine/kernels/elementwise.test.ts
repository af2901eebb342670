import { describeParity } from '../parity.js';
import { binaryCases, truthCases, unaryCases } from './elementwise.cases.js';

describeParity('one operand', unaryCases);
describeParity('two operands', binaryCases);
describeParity('truths', truthCases);
