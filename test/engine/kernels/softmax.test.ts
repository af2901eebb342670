import { describeParity } from '../parity.js';
import { softmaxCases } from './softmax.cases.js';

describeParity('softmax', softmaxCases);
