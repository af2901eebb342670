// Requests that run no cell, by a foreign client: the cases are in requests.py.

import { wireTests } from './wire-tests.js';

wireTests('requests.py');
