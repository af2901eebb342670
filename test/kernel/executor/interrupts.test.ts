import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

const check = 'if ($.stop[0] !== 0) $.interrupt();';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts a cell that prints `on`, presses Stop a moment later, and waits for its end. */
async function stop(code: string, on = executor) {
  const context = on.start(`console.log("on");${code}`);
  await on.first('stream', (message) => message.context === context);
  await sleep(20);
  const before = performance.now();
  on.interrupt();
  const outcome = await on.done(context);
  return { context, outcome, took: performance.now() - before };
}

const stopped = { ename: 'Interrupted', evalue: 'The cell was stopped.' };

describe('Stop ends', () => {
  const endless: Record<string, string> = {
    'a loop': `for (;;) { ${check} }`,
    'a loop after an await': `await $.wait(new Promise((resolve) => setTimeout(resolve, 1))); for (;;) { ${check} }`,
    'a pending promise': 'await $.wait(new Promise(() => {}));',
    'a pending thenable': 'await $.wait({ then() {} });',
    recursion: `function f(n) { ${check} if (n > 0) { f(n - 1); f(n - 1); } } f(200);`,
    'a loop over an async generator': `
      async function* numbers() { ${check} for (let n = 0; ; n++) { ${check} yield n; } }
      for await (const n of $.iterate(numbers())) { ${check} }`,
    'a generator that waits': `
      async function* numbers() { for (;;) { await $.wait(new Promise(() => {})); yield 1; } }
      for await (const n of $.iterate(numbers())) { ${check} }`,
    'a generator of a library that waits': `
      async function* numbers() { await new Promise(() => {}); yield 1; }
      for await (const n of $.iterate(numbers())) { ${check} }`,
    'a loop of promises': `for (;;) { ${check} await $.wait(null); }`,
    'a loop of promises, without a look at the flag in it':
      'const f = async () => {}; for (;;) await $.wait(new Promise(setImmediate));',
    'timers that pile up': `
      const timer = setInterval(() => { ${check} const end = Date.now() + 30; while (Date.now() < end) { ${check} } }, 1);
      try { await $.wait(new Promise(() => {})); } finally { clearInterval(timer); }`,
  };
  for (const [name, code] of Object.entries(endless)) {
    it(name, async () => {
      const { outcome, took } = await stop(code);
      expect(outcome.error).toMatchObject(stopped);
      expect(took).toBeLessThan(500);
    });
  }

  it('a library that spins, in the first stretch of a cell, by a signal', async () => {
    // Not compiled by us, so it never looks at the flag.
    const { outcome } = await stop('for (;;);');
    expect(outcome.error).toMatchObject(stopped);
  });

  it('such a library in an asynchronous scope of its own, which Node.js must not die of', async () => {
    const { outcome } = await stop(
      'const { AsyncResource } = require("node:async_hooks"); new AsyncResource("x").runInAsyncScope(() => { for (;;); });',
    );
    expect(outcome.error).toMatchObject(stopped);
    const { context } = await stop(`for (;;) { ${check} }`);
    expect(executor.text(context)).toBe('on\n');
  });

  it('an await that is not ours, by leaving it alone', async () => {
    const { outcome } = await stop('await new Promise(() => {});');
    expect(outcome.error).toMatchObject(stopped);
  });
});

describe('after Stop', () => {
  it('finally blocks run, loops and short awaits in them too', async () => {
    const { context, outcome } = await stop(`
      try { for (;;) { ${check} } }
      finally {
        for (let i = 0; i < 3; i++) { ${check} console.log("closing", i); }
        await $.wait(new Promise((resolve) => setTimeout(resolve, 50)));
        console.log("closed");
      }`);
    expect(outcome.error).toMatchObject(stopped);
    expect(executor.text(context)).toBe('on\nclosing 0\nclosing 1\nclosing 2\nclosed\n');
  });

  it('a cell that catches the interruption and goes on is interrupted again', async () => {
    const waiting = await stop(`
      for (;;) { ${check} try { await $.wait(new Promise((resolve) => setTimeout(resolve, 100))); } catch {} }`);
    expect(waiting.outcome.error).toMatchObject(stopped);
    const spinning = await stop(`try { for (;;) { ${check} } } catch {} for (;;) { ${check} }`);
    expect(spinning.outcome.error).toMatchObject(stopped);
    expect(spinning.took).toBeLessThan(1500);
  });

  it('a cell that was told by the event loop, and then spins in promises, is interrupted by the thread', async () => {
    // The message is read before the loop begins: from then on the event loop has no turn any more.
    for (let at = 0; at < 5; at++) {
      const context = executor.start(`
        setImmediate(() => {});
        for (let i = 0; i < 3; i++) await $.wait(new Promise(setImmediate)).catch(() => {});
        for (;;) { ${check} await $.wait(null); }`);
      executor.interrupt();
      expect((await executor.done(context)).error).toMatchObject(stopped);
    }
  });

  it('a cell may catch it and end', async () => {
    const { outcome } = await stop(`try { for (;;) { ${check} } } catch (error) { $.result = error.name; }`);
    expect(outcome.error).toBeUndefined();
    expect(outcome.result?.data['text/plain']).toContain('Interrupted');
    expect((await executor.run(`for (let i = 0; i < 10; i++) { ${check} }`)).error).toBeUndefined();
  });

  it('variables are what they were, a hundred times in a row', async () => {
    await executor.run('$.define("count", 0);');
    for (let at = 0; at < 100; at++) {
      const context = executor.start(
        at % 2
          ? `const c$ = $.box("count"); c$.v++; console.log("on"); for (;;) { ${check} }`
          : 'const c$ = $.box("count"); c$.v++; console.log("on"); await $.wait(new Promise(() => {}));',
      );
      await executor.first('stream', (message) => message.context === context);
      executor.interrupt();
      expect((await executor.done(context)).error).toMatchObject(stopped);
    }
    expect((await executor.run('$.result = $.box("count").v')).result?.data['text/plain']).toContain('100');
  });

  it('timers of the cell go on', async () => {
    const { context } = await stop(`
      globalThis.ticks = 0; globalThis.timer = setInterval(() => { ${check} globalThis.ticks++; }, 5);
      await $.wait(new Promise(() => {}));`);
    await executor.run(`const before = ticks; await $.wait(new Promise((resolve) => setTimeout(resolve, 60)));
      if (!(ticks > before)) throw new Error("no tick"); clearInterval(timer);`);
    expect(executor.messages.filter((message) => message.type === 'stray' && message.context === context)).toEqual([]);
  });
});

describe('Stop while nothing runs', () => {
  it('is harmless, also to the next cell', async () => {
    for (let at = 0; at < 20; at++) {
      executor.interrupt();
      const outcome = await executor.run(`for (let i = 0; i < 1e5; i++) { ${check} } $.result = 1;`);
      expect(outcome.error).toBeUndefined();
    }
    const count = executor.messages.filter((message) => message.type === 'interrupted').length;
    executor.interrupt();
    await executor.until(() => executor.messages.filter((message) => message.type === 'interrupted').length > count);
  });
});

describe('a library that listens for SIGINT', () => {
  const training = (extra: string) => `
    let stopped = false;
    const listener = () => { stopped = true; };
    process.on("SIGINT", listener);
    try {
      await $.wait((async () => {
        while (!stopped) { await new Promise((resolve) => setTimeout(resolve, 5)); ${extra} }
        throw new Error("Training stopped at step 3.");
      })());
    } finally { process.off("SIGINT", listener); }`;

  it('ends in its own way', async () => {
    const { outcome } = await stop(training(''));
    expect(outcome.error?.evalue).toBe('Training stopped at step 3.');
  });

  it('does so even where a callback of the cell sees the flag first', async () => {
    const { outcome } = await stop(
      training(`const end = Date.now() + 50; while (Date.now() < end); (() => { ${check} })();`),
    );
    expect(outcome.error?.evalue).toBe('Training stopped at step 3.');
  });

  it('has three seconds for it, unless Stop is pressed again', async () => {
    const context = executor.start(`
      process.on("SIGINT", function never() {}); console.log("on");
      try { await $.wait(new Promise(() => {})); } finally { process.removeListener("SIGINT", process.listeners("SIGINT").at(-1)); }`);
    await executor.first('stream', (message) => message.context === context);
    const before = performance.now();
    executor.interrupt();
    await sleep(300);
    executor.interrupt();
    expect((await executor.done(context)).error).toMatchObject(stopped);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('loses no system signal where it began to listen in the first stretch', async () => {
    await executor.run(
      'process.on("SIGINT", function own() {}); process.off("SIGINT", process.listeners("SIGINT").at(-1));',
    );
    await executor.run('process.on("SIGINT", globalThis.own = () => {});');
    process.kill(executor.pid, 'SIGINT');
    await sleep(50);
    await executor.run('process.off("SIGINT", own);');
    process.kill(executor.pid, 'SIGINT');
    await sleep(50);
    expect((await executor.run('$.result = 1')).error).toBeUndefined();
  });
});

describe('waiting', () => {
  it('leaves nothing behind after a million awaits', async () => {
    const outcome = await executor.run(`
      const never = new Promise(() => {}); const done = Promise.resolve(1);
      const start = performance.now();
      for (let i = 0; i < 1e6; i++) { ${check} await $.wait(done); }
      $.result = performance.now() - start < 5000 ? "quick" : "slow";`);
    expect(outcome.result?.data['text/plain']).toContain('quick');
  });

  it('takes values, promises and thenables, and throws what they reject with', async () => {
    const outcome = await executor.run(`
      const caught = await $.wait(Promise.reject(7)).catch((error) => error);
      $.result = [await $.wait(1), await $.wait(Promise.resolve(2)), await $.wait({ then: (f) => f(3) }), caught].join();`);
    expect(outcome.result?.data['text/plain']).toContain('1,2,3,7');
  });

  it('iterates over arrays, promises and generators, and tells them of an early end', async () => {
    const outcome = await executor.run(`
      const seen = [];
      for await (const x of $.iterate([1, Promise.resolve(2)])) seen.push(x);
      async function* numbers() { try { yield 3; yield 4; } finally { seen.push("closed"); } }
      for await (const x of $.iterate(numbers())) { seen.push(x); break; }
      $.result = seen.join();`);
    expect(outcome.result?.data['text/plain']).toContain('1,2,3,closed');
  });

  it('iterates over sources whose steps are no promises', async () => {
    const outcome = await executor.run(`
      const seen = [];
      const source = { [Symbol.asyncIterator]: () => ({ next: () => ({ value: seen.length, done: seen.length === 2 }) }) };
      for await (const x of $.iterate(source)) seen.push(x);
      $.result = seen.join();`);
    expect(outcome.result?.data['text/plain']).toContain('0,1');
  });
});
