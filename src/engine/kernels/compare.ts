// Comparisons, logic and choice: results are bool.
import { backend_util, type TensorInfo } from '../tf.js';
import { kernel, type TraceBackend } from '../trace.js';
import { castTo } from './elementwise.js';

function comparison(kernelName: string, op: string, negate = false): void {
  kernel(kernelName, ({ a, b }, _, trace) => {
    const [x, y] = [a as TensorInfo, b as TensorInfo];
    const like = { shape: backend_util.assertAndGetBroadcastShape(x.shape, y.shape), dtype: 'bool' as const };
    // ONNX orders numbers only.
    const ordered = op.startsWith('Less') || op.startsWith('Greater');
    const operands = ordered && x.dtype === 'bool' ? [x, y].map((truths) => castTo(trace, truths, 'int32')) : [x, y];
    const result = trace.emit(op, operands, like);
    return negate ? trace.emit('Not', [result], like) : result;
  });
}

comparison('Equal', 'Equal');
comparison('NotEqual', 'Equal', true);
comparison('Less', 'Less');
comparison('LessEqual', 'LessOrEqual');
comparison('Greater', 'Greater');
comparison('GreaterEqual', 'GreaterOrEqual');
comparison('LogicalAnd', 'And');
comparison('LogicalOr', 'Or');

const bool = (x: TensorInfo) => ({ shape: x.shape, dtype: 'bool' as const });

kernel('LogicalNot', ({ x }, _, trace) => trace.emit('Not', [x as TensorInfo], bool(x as TensorInfo)));
// Whole numbers and truths are always finite.
function nature(
  kernelName: string,
  ofWhole: 0 | 1,
  ofFloats: (x: TensorInfo, trace: TraceBackend) => TensorInfo,
): void {
  kernel(kernelName, ({ x }, _, trace) => {
    const input = x as TensorInfo;
    return input.dtype === 'float32' ? ofFloats(input, trace) : trace.fill(input.shape, 'bool', ofWhole);
  });
}

nature('IsNan', 0, (x, trace) => trace.emit('IsNaN', [x], bool(x)));
nature('IsInf', 0, (x, trace) => trace.emit('IsInf', [x], bool(x)));
nature('IsFinite', 1, (x, trace) => {
  const special = trace.emit('Or', [trace.emit('IsNaN', [x], bool(x)), trace.emit('IsInf', [x], bool(x))], bool(x));
  return trace.emit('Not', [special], bool(x));
});

// All three have the same shape: TensorFlow.js broadcasts them before.
kernel('Select', ({ condition, t, e }, _, trace) => {
  const [when, yes, no] = [condition as TensorInfo, t as TensorInfo, e as TensorInfo];
  if (yes.dtype !== 'bool') return trace.emit('Where', [when, yes, no], yes);
  // ONNX Runtime chooses among numbers only.
  const chosen = trace.emit('And', [when, yes], yes);
  return trace.emit('Or', [chosen, trace.emit('And', [trace.emit('Not', [when], yes), no], yes)], yes);
});
