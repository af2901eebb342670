// jupyter_kernel_test, by a foreign client: the cases are in conformance.py.

import { wireTests } from './wire-tests.js';

wireTests('conformance.py');
