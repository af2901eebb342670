// Bad messages, by a foreign client: the cases are in fuzz.py.

import { wireTests } from './wire-tests.js';

wireTests('fuzz.py');
