import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

describe('asking', () => {
  it('blocks until the answer is there', async () => {
    executor.answer = ({ prompt, password }) => `${prompt}|${password}`;
    const context = executor.start(`
      $.result = [prompt("Name?"), password("Secret?"), confirm("Sure?")].join(";");`);
    const outcome = await executor.done(context);
    expect(outcome.result?.data['text/plain']).toContain('Name? |false;Secret? |true;false');
    expect(await executor.first('input')).toEqual({ type: 'input', context, prompt: 'Name? ', password: false });
  });

  it('takes yes for yes, nothing for what was preset, and no answer for null', async () => {
    const answers = ['y', '', null, 'größer 😀'];
    executor.answer = () => answers.shift() as string | null;
    const outcome = await executor.run(
      '$.result = JSON.stringify([confirm(), prompt("a", "preset"), prompt("b"), prompt("c")]);',
    );
    expect(outcome.result?.data['text/plain']).toContain('[true,"preset",null,"größer 😀"]');
  });

  it('says so where the client cannot be asked', async () => {
    const outcome = await executor.run('prompt("Name?")', { allowStdin: false });
    expect(outcome.error?.evalue).toMatch(/^Nobody can be asked "Name\? "/);
  });

  it('is ended by Stop', async () => {
    executor.answer = () => undefined;
    const context = executor.start('prompt("Name?")');
    await executor.first('input', (message) => message.context === context);
    executor.interrupt();
    executor.answerNow(null);
    expect((await executor.done(context)).error).toMatchObject({ ename: 'Interrupted' });
    executor.answer = () => 'fine';
    expect((await executor.run('$.result = prompt("again")')).result?.data['text/plain']).toContain('fine');
  });
});
