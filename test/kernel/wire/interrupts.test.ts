// Stop, and what answers while a cell spins, by a foreign client: the cases are in interrupts.py.

import { wireTests } from './wire-tests.js';

wireTests('interrupts.py');
