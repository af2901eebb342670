import { describeParity } from '../parity.js';
import { matmulCases } from './matmul.cases.js';

describeParity('matmul', matmulCases);
