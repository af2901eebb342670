import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

async function print(code: string) {
  const context = executor.start(code);
  expect((await executor.done(context)).error).toBeUndefined();
  return { context, stdout: executor.text(context), stderr: executor.text(context, 'stderr') };
}

describe('printed text', () => {
  it('comes from the console, by its streams, in order', async () => {
    const { context } = await print(
      'console.log("a", { b: 1 }); console.error("c"); console.log("d"); console.table([{ e: 1 }]);',
    );
    const texts = executor.messages.filter((message) => message.type === 'stream' && message.context === context);
    expect(texts.slice(0, 3)).toMatchObject([
      { name: 'stdout', text: 'a { b: 1 }\n' },
      { name: 'stderr', text: 'c\n' },
      { name: 'stdout', text: expect.stringMatching(/^d\n/) },
    ]);
    expect(executor.text(context)).toContain('│ (index) │ e │');
  });

  it('comes from process.stdout as from any stream', async () => {
    const { stdout } = await print(`
      const returned = process.stdout.write("a");
      process.stdout.write("Yg==", "base64");
      process.stdout.write(Buffer.from("c"));
      process.stdout.write(new Uint8Array([100]));
      await new Promise((resolve) => process.stdout.write("e", resolve));
      await new Promise((resolve) => process.stdout.write("f", "utf8", resolve));
      const euro = Buffer.from("€");
      process.stdout.write(euro.subarray(0, 1)); process.stdout.write(euro.subarray(1));
      await new Promise((resolve) => process.stdout.end("g", resolve));
      process.stdout.destroy();
      console.log(returned, process.stdout.fd, process.stdout.isTTY, process.stdout.writable);
      let thrown; try { process.stdout.write(5); } catch (error) { thrown = error.code; }
      console.log(thrown);`);
    expect(stdout).toBe('abcdef€gtrue 1 false true\nERR_INVALID_ARG_TYPE\n');
  });

  it('may be piped in', async () => {
    const { stdout } = await print(`
      const { Readable } = await $.import("node:stream");
      await new Promise((resolve) => Readable.from(["one ", "two"]).on("end", resolve).pipe(process.stdout));
      console.log(" three");`);
    expect(stdout).toBe('one two three\n');
  });

  it('may be large, and of any characters', async () => {
    const { stdout } = await print('process.stdout.write("😀".repeat(1e6)); process.stdout.write("\\ud800");');
    expect(stdout.length).toBe(2e6 + 1);
    expect(stdout.slice(0, -1)).toBe('😀'.repeat(1e6));
  });

  it('is there while the cell spins on', async () => {
    const context = executor.start('console.log("seen"); for (;;) { if ($.stop[0] !== 0) $.interrupt(); }');
    await executor.first('stream', (message) => message.context === context);
    executor.interrupt();
    await executor.done(context);
  });

  it('goes past us where it is written to the descriptor, or by a child process', async () => {
    await print(`
      (await $.import("node:fs")).writeSync(1, "native\\n");
      (await $.import("node:child_process")).execSync("echo child", { stdio: "inherit" });`);
    await executor.until(() => executor.native.stdout === 'native\nchild\n');
  });

  it('comes from worker threads of the cell', async () => {
    const { stdout } = await print(`
      const { Worker } = await $.import("node:worker_threads");
      const worker = new Worker("console.log('from a thread')", { eval: true });
      await new Promise((resolve) => worker.once("exit", resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));`);
    expect(stdout).toBe('from a thread\n');
  });
});

describe('output belongs to the cell that started it', () => {
  it('from timers and promises, also after its end and while another cell runs', async () => {
    const early = executor.start(`
      setTimeout(() => console.log("timer"), 30);
      (async () => { await new Promise((resolve) => setTimeout(resolve, 40)); console.log("promise"); })();
      const { readFile } = await $.import("node:fs");
      readFile(process.execPath, () => setImmediate(() => console.log("callback")));`);
    await executor.done(early);
    const late = executor.start(
      'console.log("late"); await $.wait(new Promise((resolve) => setTimeout(resolve, 120)));',
    );
    await executor.done(late);
    await executor.until(() => executor.text(early).length >= 'timer\npromise\ncallback\n'.length);
    expect(executor.text(early).split('\n').sort()).toEqual(['', 'callback', 'promise', 'timer']);
    expect(executor.text(late)).toBe('late\n');
  });

  it('and rejections and exceptions that nobody handles too; none is fatal', async () => {
    const context = executor.start(`
      Promise.reject(new Error("at once"));
      (async () => { await null; throw new TypeError("later"); })();
      setTimeout(() => { throw new RangeError("in a timer"); }, 10);
      setTimeout(() => { Promise.reject("no error"); }, 15);
      process.nextTick(() => { throw new Error("in a tick"); });`);
    await executor.done(context);
    const end = executor.messages.length;
    const strays = () =>
      executor.messages.filter((message) => message.type === 'stray').filter((message) => message.context === context);
    // What the cell left behind in its own turn comes before its end, so that no client misses it.
    expect(strays().map(({ error }) => error.evalue)).toEqual(
      expect.arrayContaining(['at once', 'later', 'in a tick']),
    );
    expect(executor.messages.findIndex((message) => message.type === 'done' && message.context === context)).toBe(
      end - 1,
    );
    await executor.run('await $.wait(new Promise((resolve) => setTimeout(resolve, 30)));');
    await executor.until(() => strays().length === 5);
    expect(
      strays()
        .map(({ error }) => error.ename)
        .sort(),
    ).toEqual(['Error', 'Error', 'RangeError', 'TypeError', 'Uncaught']);
  });
});

describe('displays', () => {
  it('go out by the function on globalThis, and clear by the bridge and console.clear', async () => {
    const { context } = await print(`
      globalThis[Symbol.for("Jupyter.display")]({ data: { "text/html": "<b>x</b>" }, metadata: {}, transient: { display_id: "d" } }, false);
      globalThis[Symbol.for("Jupyter.display")]({ data: { "text/html": "<b>y</b>" }, metadata: {}, transient: { display_id: "d" } }, true);
      globalThis[Symbol.for("model-types.kernel")].clearOutput(true); console.clear();`);
    const shown = executor.messages.filter((message) => 'context' in message && message.context === context);
    expect(shown).toMatchObject([
      { type: 'display', data: { 'text/html': '<b>x</b>' }, transient: { display_id: 'd' }, update: false },
      { type: 'display', data: { 'text/html': '<b>y</b>' }, update: true },
      { type: 'clear', wait: true },
      { type: 'clear', wait: false },
      { type: 'done' },
    ]);
  });

  it('comes down a pipeline, which ends or fails as with any stream', async () => {
    const { stdout } = await print(`
      const { Readable } = process.getBuiltinModule("node:stream");
      const { pipeline } = process.getBuiltinModule("node:stream/promises");
      await pipeline(Readable.from(["a", "b"]), process.stdout);
      await pipeline(Readable.from(["c\\n"]), process.stdout);
      const failing = Readable.from((async function* () { yield "d"; throw new Error("lost"); })());
      await pipeline(failing, process.stdout).catch((error) => console.log(error.message));
      console.log(process.stdout.writable);`);
    expect(stdout).toBe('abc\ndlost\ntrue\n');
  });

  it('can be diverted, with all that is started meanwhile', async () => {
    const { context, stdout } = await print(`
      const bridge = globalThis[Symbol.for("model-types.kernel")];
      const taken = [];
      await bridge.divert((output) => taken.push(output.text ?? output.output_type), async () => {
        console.log("inside");
        await new Promise((resolve) => setTimeout(resolve, 5));
        bridge.publish({ data: {}, metadata: {}, transient: {} }, false);
        Promise.reject(new Error("inside"));
        await new Promise((resolve) => setTimeout(resolve, 5));
      });
      console.log("outside", taken.join(), bridge.context());`);
    expect(stdout).toBe(`outside inside\n,display_data,error ${context}\n`);
  });
});
