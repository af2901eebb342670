// What `await` and `for await` of a cell turn into: they wait for their value, or throw once Stop was pressed.
//
// A promise is followed by `then(resolve, reject)` with the very functions of the new promise, for two reasons: V8 knows this
// pattern and follows it when it writes asynchronous stack traces; and an await takes one turn of the microtask queue more than
// without us, no more, so that what learners see of the order of things stays as in plain JavaScript.

import { context, type Pending } from './context.js';
import { Interrupted } from './interrupted.js';

/** @returns a promise that settles as `value` does, or rejects when its task is interrupted; other values unchanged. */
export function wait<T>(value: T): T | Promise<Awaited<T>> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  const { task } = context();
  let promise: Promise<Awaited<T>>;
  if (value instanceof Promise && value.constructor === Promise) promise = value as Promise<Awaited<T>>;
  else if (typeof (value as { then?: unknown }).then === 'function') promise = Promise.resolve(value) as typeof promise;
  else return value;
  // What goes on after its cell has ended is not stopped by Stop.
  if (!task.running) return promise;
  return new Promise((resolve, reject) => {
    const head = task.pending;
    const link: Pending = { before: head, after: head.after, reject };
    head.after.before = link;
    head.after = link;
    // After resolve or reject ran: a third reaction here, rather than on either promise, keeps the trace whole.
    promise.then(resolve, reject).then(() => {
      link.before.after = link.after;
      link.after.before = link.before;
    });
  });
}

/** An iterable whose every step is such a wait. A source that is interrupted is also told to end. */
export function iterate<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterable<T> {
  const asynchronous = (source as Partial<AsyncIterable<T>>)[Symbol.asyncIterator];
  return { [Symbol.asyncIterator]: () => (asynchronous ? steps(asynchronous.call(source)) : unpacked(source)) };
}

function steps<T>(iterator: AsyncIterator<T>): AsyncIterator<T> {
  const guarded: AsyncIterator<T> = {
    // `async` would swallow a step that is not a promise; `for await` itself complains of one that is not an object.
    next: (...value) => {
      const step = wait(iterator.next(...value)) as Promise<IteratorResult<T>>;
      const { task } = context();
      if (!task.running || !(step instanceof Promise)) return step;
      return step.then(undefined, (error: unknown) => {
        // `for await` calls no `return` when a step fails; a source that only was too slow should still hear of the end.
        if (error instanceof Interrupted) Promise.resolve(iterator.return?.()).catch(() => {});
        throw error;
      });
    },
  };
  if (iterator.return) guarded.return = async (value) => wait(iterator.return?.(value)) as never;
  return guarded;
}

async function* unpacked<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<T> {
  for (const value of source as Iterable<T>) yield (await wait(value)) as T;
}
