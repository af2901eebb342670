// Input, by a foreign client: the cases are in stdin.py.

import { wireTests } from './wire-tests.js';

wireTests('stdin.py');
