// The shim of tslab with its names as exports: what the type checker reads for `import * as tslab from 'tslab'`.

import { tslab } from './tslab.js';

export const { display, newDisplay, versions } = tslab;
