import { afterEach, expect, test } from 'vitest';
import { Program } from '../../bench/program.js';

const programs: Program[] = [];
afterEach(async () => {
  for (const program of programs.splice(0)) await program.end();
});

/** A real process that runs the given code for each line it is sent. */
function start(code: string): Program {
  const script = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { ${code} })`;
  const program = new Program('the program', process.execPath, ['-e', script]);
  programs.push(program);
  return program;
}

test('answers come in the order of the requests, chatter is passed over', async () => {
  const program = start('console.log("chatter"); console.log(JSON.stringify({ twice: 2 * JSON.parse(line).n }))');
  expect(await program.ask({ n: 2 })).toEqual({ twice: 4 });
  expect(await program.ask({ n: 5 })).toEqual({ twice: 10 });
});

test('a program that dies is told of with its last words', async () => {
  await expect(start('console.error("out of luck"); process.exit(1)').ask({})).rejects.toThrow(
    'the program ended without an answer:\nout of luck',
  );
});

test('an answer that is an error is thrown', async () => {
  await expect(start(`console.log('{"error": "no such case"}')`).ask({})).rejects.toThrow('the program: no such case');
});

test('a command that does not exist is told of', async () => {
  const program = new Program('nobody', '/no/such/command', []);
  programs.push(program);
  await expect(program.ask({})).rejects.toThrow('nobody ended without an answer');
});
