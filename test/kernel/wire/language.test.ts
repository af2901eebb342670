// TypeScript in cells, by a foreign client: the cases are in language.py.

import { wireTests } from './wire-tests.js';

wireTests('language.py');
