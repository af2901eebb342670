// The heartbeat: sends back what it gets, from a thread of ZeroMQ's own, so that no work of ours makes clients take us for dead.

import { randomUUID } from 'node:crypto';
import { Dealer, Proxy as Forwarder, Router } from 'zeromq';

export class Heartbeat {
  readonly #forwarder: Forwarder;
  readonly #ended: Promise<void>;
  readonly #end = () => this.#forwarder.terminate();

  private constructor(listener: Router, loop: Dealer) {
    this.#forwarder = new Forwarder(listener, loop);
    this.#ended = this.#forwarder.run().then(
      () => {},
      () => {},
    );
    // process.exit() would wait for the thread for ever.
    process.once('exit', this.#end);
  }

  static async start(address: string): Promise<Heartbeat> {
    const listener = new Router({ linger: 0, ipv6: address.includes('[') });
    const loop = new Dealer({ linger: 0 });
    try {
      await listener.bind(address);
      // Connected to itself, it receives what it sends: with it at one end, a forwarder is an echo.
      const itself = `inproc://heartbeat-${randomUUID()}`;
      await loop.bind(itself);
      loop.connect(itself);
    } catch (error) {
      listener.close();
      loop.close();
      throw error;
    }
    return new Heartbeat(listener, loop);
  }

  async stop(): Promise<void> {
    process.off('exit', this.#end);
    this.#end();
    await this.#ended;
  }
}
