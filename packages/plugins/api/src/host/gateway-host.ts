import type { CoreEvents, EntityLists, EventBus, FaultReport } from '@medkit/core';
import type { ApiReply, ApiRequest, FaultEnd } from '../plugin-context.ts';

/** The gateway that plugins run in, available once it is open. */
export interface GatewayHost {
  entities(): EntityLists;
  readonly events: EventBus<CoreEvents>;
  /** Reports a fault of a plugin, for an entity of the plugin or for a source that is known by name only. */
  reportFault(plugin: string, report: FaultReport): Promise<boolean>;
  /** Clears a fault of an entity of the plugin, with the principal of the plugin; returns whether that is done. */
  clearFault(plugin: string, fault: FaultEnd): Promise<boolean>;
  /** Sends an API request of a plugin, with the principal of the plugin. */
  request(plugin: string, request: ApiRequest): Promise<ApiReply>;
  /** Removes the principal of a plugin that has ended, and ends its event streams. */
  leave?(plugin: string): void;
}

/** Gives plugins access to the gateway, which opens after they are set up. */
export class DeferredHost {
  #host: GatewayHost | undefined;
  readonly #waiting: ((host: GatewayHost) => void)[] = [];

  get host(): GatewayHost | undefined {
    return this.#host;
  }

  /** Sets the gateway. Called once, when it is open. */
  open(host: GatewayHost): void {
    this.#host = host;
    for (const enter of this.#waiting.splice(0)) enter(host);
  }

  /** Calls `enter` when the gateway is open, immediately if it already is. */
  whenOpen(enter: (host: GatewayHost) => void): void {
    if (this.#host) enter(this.#host);
    else this.#waiting.push(enter);
  }
}
