// Much output, by a foreign client: the cases are in flood.py.

import { wireTests } from './wire-tests.js';

wireTests('flood.py');
