// The other side of program.ts: answers each line of standard input, in order.
//
//   await answer(async ({ steps }: { steps: number }) => ({ milliseconds: await run(steps) }));
import { createInterface } from 'node:readline';

/** Calls `respond` with each request until there are no more. An error is the answer to the request that raised it. */
export async function answer<Request>(respond: (request: Request) => Promise<object>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      process.stdout.write(`${JSON.stringify(await respond(JSON.parse(line)))}\n`);
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
    }
  }
}
