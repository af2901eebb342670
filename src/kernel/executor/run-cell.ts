// Runs a compiled cell: from the script to its outcome.

import { constants, Script } from 'node:vm';
import type { Boxes } from './boxes.js';
import { runTask, Task } from './context.js';
import { describeError } from './errors.js';
import { firstStretch } from './first-stretch.js';
import { Interrupted } from './interrupted.js';
import type { Interrupts } from './interrupts.js';
import type { CompiledCell, Outcome, ToExecutor } from './messages.js';
import { type Modules, moduleNames } from './modules.js';
import { bundle } from './rich.js';
import type { CellRuntime } from './runtime.js';
import { addSourceMap } from './source-maps.js';
import { iterate, wait } from './wait.js';
import { send } from './wire.js';

type Run = Extract<ToExecutor, { type: 'run' }>;

/** Put in front of the cell's function, so that it has the names of a module. */
const parameters = `(${moduleNames.join(', ')}) => `;
const directive = /^("use strict"; *)?/;

export class CellRunner {
  constructor(
    readonly boxes: Boxes,
    readonly modules: Modules,
    readonly interrupts: Interrupts,
  ) {}

  /** Runs the cell and tells of its outcome. */
  async run(message: Run): Promise<void> {
    const task = new Task(message.context, 'cell', message.allowStdin);
    await runTask(task, async () => {
      const outcome = await this.#outcome(message, task);
      // A turn of the event loop, in which the rejections that the cell left unhandled are told: they come before its end.
      await new Promise((resolve) => setImmediate(resolve));
      this.interrupts.end(task);
      try {
        send({ type: 'done', context: message.context, outcome });
      } catch (error) {
        // A rich value that cannot leave this process, for instance with a function in it.
        send({
          type: 'done',
          context: message.context,
          outcome: { ...outcome, result: undefined, error: describeError(error) },
        });
      }
    });
  }

  async #outcome(message: Run, task: Task): Promise<Outcome> {
    const defined = new Set<string>();
    const outcome: { -readonly [key in keyof Outcome]: Outcome[key] } = { defined: [], userExpressions: {} };
    const work = async () => {
      if (this.modules.haveLocal) await this.modules.refresh();
      const { value } = await this.#value(message.cell, defined);
      if (!message.silent) outcome.result = await wait(bundle(value));
      outcome.userExpressions = await this.#userExpressions(message.userExpressions);
    };
    try {
      await new Promise<void>((resolve, reject) => {
        this.interrupts.begin(task, () => reject(new Interrupted()));
        work().then(resolve, reject);
      });
    } catch (error) {
      outcome.error = describeError(error);
    }
    outcome.defined = message.cell.declares.filter((name) => defined.has(name));
    return outcome;
  }

  /** Runs the script; resolves to a box with the value of the cell's last expression. */
  async #value(cell: CompiledCell, defined: Set<string>): Promise<{ readonly value: unknown }> {
    addSourceMap(cell.name, cell.map);
    const script = new Script(cell.code.replace(directive, `$&${parameters}`), {
      filename: cell.name,
      // The cell's own columns.
      columnOffset: -parameters.length,
      // For code that no compiler saw, as `eval` makes it.
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const withNames = script.runInThisContext() as (...values: unknown[]) => ($: CellRuntime) => Promise<void>;
    const main = withNames(...moduleNames.map((name) => this.modules.names[name]));
    const runtime = this.#runtime(defined);
    await firstStretch(() => main(runtime));
    // Wrapped, since a promise that the cell did not await is not to be awaited here.
    return { value: runtime.result };
  }

  #runtime(defined: Set<string>): CellRuntime {
    const { boxes, modules, interrupts } = this;
    return {
      box: (name) => boxes.get(name),
      define: (name, value) => {
        boxes.define(name, value);
        defined.add(name);
      },
      import: (specifier, options) => Promise.resolve(wait(modules.import(specifier, options))),
      bind: (variable, module, name, specifier) => {
        boxes.bind(variable, modules.source(module, name, specifier));
        defined.add(variable);
      },
      stop: interrupts.stop,
      // Throws in all cases but those in which what runs is to go on.
      interrupt: interrupts.interrupt as () => never,
      wait,
      iterate,
      meta: modules.meta,
      late: boxes.late,
      result: undefined,
    };
  }

  async #userExpressions(cells: Readonly<Record<string, CompiledCell>>): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, cell] of Object.entries(cells)) {
      try {
        const shown = await wait(bundle((await this.#value(cell, new Set())).value));
        values[name] = { status: 'ok', ...(shown ?? { data: { 'text/plain': 'undefined' }, metadata: {} }) };
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        values[name] = { status: 'error', ...describeError(error) };
      }
    }
    return values;
  }
}
