// Every kernel the tracing backend knows, by group. Importing this file registers them.
import './compare.js';
import './create.js';
import './elementwise.js';
import './gather.js';
import './matmul.js';
import './mended-gradients.js';
import './reduce.js';
import './shape.js';
import './softmax.js';
