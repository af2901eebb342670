// Comparisons, logic and choice: results are bool.
import { backend_util, type TensorInfo } from '../tf.js';
import { kernel } from '../trace.js';

function comparison(kernelName: string, op: string, negate = false): void {
  kernel(kernelName, ({ a, b }, _, trace) => {
    const [x, y] = [a as TensorInfo, b as TensorInfo];
    const like = { shape: backend_util.assertAndGetBroadcastShape(x.shape, y.shape), dtype: 'bool' as const };
    const result = trace.emit(op, [x, y], like);
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
kernel('IsNan', ({ x }, _, trace) => trace.emit('IsNaN', [x as TensorInfo], bool(x as TensorInfo)));
kernel('IsInf', ({ x }, _, trace) => trace.emit('IsInf', [x as TensorInfo], bool(x as TensorInfo)));

kernel('IsFinite', ({ x }, _, trace) => {
  const like = bool(x as TensorInfo);
  const special = trace.emit(
    'Or',
    [trace.emit('IsNaN', [x as TensorInfo], like), trace.emit('IsInf', [x as TensorInfo], like)],
    like,
  );
  return trace.emit('Not', [special], like);
});

// A condition of one dimension chooses rows where the choices have more.
kernel('Select', ({ condition, t, e }, _, trace) => {
  const [when, yes, no] = [condition as TensorInfo, t as TensorInfo, e as TensorInfo];
  const rows = when.shape.length === 1 && yes.shape.length > 1;
  const mask = rows ? trace.reshaped(when, [...when.shape, ...yes.shape.slice(1).map(() => 1)]) : when;
  const shape = rows ? yes.shape : backend_util.assertAndGetBroadcastShape(when.shape, yes.shape);
  return trace.emit('Where', [mask, yes, no], { shape, dtype: yes.dtype });
});
