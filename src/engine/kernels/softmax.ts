// Softmax and its logarithm, over one axis.
import type { TensorInfo } from '../tf.js';
import { kernel } from '../trace.js';

kernel<{ dim: number }>('Softmax', ({ logits }, { dim }, trace) =>
  trace.emit('Softmax', [logits as TensorInfo], logits as TensorInfo, { axis: dim }),
);

kernel<{ axis: number }>('LogSoftmax', ({ logits }, { axis }, trace) =>
  trace.emit('LogSoftmax', [logits as TensorInfo], logits as TensorInfo, { axis }),
);
