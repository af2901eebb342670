// Cells, by a foreign client: the cases are in execute.py.

import { wireTests } from './wire-tests.js';

wireTests('execute.py');
