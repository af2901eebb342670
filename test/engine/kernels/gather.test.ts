import { describeParity } from '../parity.js';
import { gatherCases } from './gather.cases.js';

describeParity('gather', gatherCases);
