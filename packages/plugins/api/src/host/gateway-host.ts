import type { CoreEvents, EntityLists, EventBus, FaultReport } from '@medkit/core';
import type { ApiReply, ApiRequest } from '../plugin-context.ts';

/** The gateway that plugins live in, once it is open. */
export interface GatewayHost {
  entities(): EntityLists;
  readonly events: EventBus<CoreEvents>;
  /** What a plugin reports: of an entity of its own, or of what it knows by name alone. */
  reportFault(plugin: string, report: FaultReport): Promise<boolean>;
  /** What a plugin asks the API, as the principal that it is. */
  request(plugin: string, request: ApiRequest): Promise<ApiReply>;
  /** A plugin has ended and asks nothing more: it is nobody from now on, and what it follows ends. */
  leave?(plugin: string): void;
}

/** The way from plugins to the gateway that is opened around them. */
export class DeferredHost {
  #host: GatewayHost | undefined;
  readonly #waiting: ((host: GatewayHost) => void)[] = [];

  get host(): GatewayHost | undefined {
    return this.#host;
  }

  /** To be called once, when the gateway is open. */
  open(host: GatewayHost): void {
    this.#host = host;
    for (const enter of this.#waiting.splice(0)) enter(host);
  }

  /** Calls `enter` when the gateway is open: at once where it is. */
  whenOpen(enter: (host: GatewayHost) => void): void {
    if (this.#host) enter(this.#host);
    else this.#waiting.push(enter);
  }
}
