// What libraries in cells reach through globalThis: the bridge, and the function that publishes outputs.

import { displaySymbol, type KernelBridge, kernelSymbol } from '../bridge.js';
import type { Comms } from './comms.js';
import { context, divert } from './context.js';
import { describeError } from './errors.js';
import { clearOutput } from './output.js';
import { bundle } from './rich.js';
import type { Input } from './stdin.js';
import { send } from './wire.js';

export function installBridge(comms: Comms, input: Input): KernelBridge {
  const bridge: KernelBridge = {
    context: () => context().task.id,
    divert,
    publish: ({ data, metadata, transient }, update) => {
      const { task, take } = context();
      const diverted = take?.({ output_type: 'display_data', data, metadata, transient, ...(update && { update }) });
      if (take && !(update && diverted === false)) return;
      send({ type: 'display', context: task.id, data, metadata: metadata ?? {}, transient: transient ?? {}, update });
    },
    clearOutput,
    bundle: async (value) => (await bundle(value)) ?? { data: { 'text/plain': 'undefined' }, metadata: {} },
    describeError,
    openComm: (target, options) => comms.open(target, options),
    onCommOpen: (target, handler) => comms.onOpen(target, handler),
    wasAskedFor: (target) => comms.wasAskedFor(target),
    input,
  };
  const publish = (content: Parameters<KernelBridge['publish']>[0], update = false) => bridge.publish(content, update);
  Object.defineProperty(globalThis, kernelSymbol, { value: bridge, configurable: true });
  Object.defineProperty(globalThis, displaySymbol, { value: publish, configurable: true, writable: true });
  return bridge;
}
