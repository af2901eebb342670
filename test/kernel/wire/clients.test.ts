// Several clients of one kernel, and clients that vanish: the cases are in clients.py.

import { wireTests } from './wire-tests.js';

wireTests('clients.py');
