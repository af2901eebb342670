// Comms, by a foreign client: the cases are in comms.py.

import { wireTests } from './wire-tests.js';

wireTests('comms.py');
