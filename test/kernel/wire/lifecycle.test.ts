// How kernels and cells end, by a foreign client: the cases are in lifecycle.py.

import { wireTests } from './wire-tests.js';

wireTests('lifecycle.py');
