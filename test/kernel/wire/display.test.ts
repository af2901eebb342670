// What is shown of values, by a foreign client: the cases are in display.py.

import { wireTests } from './wire-tests.js';

wireTests('display.py');
