// Which comms are open, whoever opened them: what `comm_info_request` asks for, and what must be closed when the executor ends.

import type { CommMessage } from '../executor/messages.js';

export class CommRegistry {
  readonly #open = new Map<string, string>();

  note(message: CommMessage): void {
    if (message.kind === 'comm_open') this.#open.set(message.commId, message.target ?? '');
    else if (message.kind === 'comm_close') this.#open.delete(message.commId);
  }

  /** @param target only those of this target; all where undefined */
  info(target: string | undefined): Record<string, { target_name: string }> {
    const comms: Record<string, { target_name: string }> = {};
    for (const [id, name] of this.#open) if (target === undefined || name === target) comms[id] = { target_name: name };
    return comms;
  }

  /** Forgets all; gives the ids that were open. */
  clear(): readonly string[] {
    const ids = [...this.#open.keys()];
    this.#open.clear();
    return ids;
  }
}
