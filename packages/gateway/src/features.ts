import type { RuntimeHealth } from '@medkit/core';
import type { Handlers } from './http/exchange.ts';

/** An open feature of the gateway. */
export interface Feature {
  /** Its part of `/health`. */
  health?(): RuntimeHealth | Promise<RuntimeHealth>;
  close?(): void | Promise<void>;
}

/** The open features of a gateway, in the order in which they were opened. They are closed in reverse order. */
export class Features {
  readonly #features: Feature[] = [];
  readonly #handlers: Partial<Handlers> = {};
  readonly #opened: AsyncDisposableStack;

  /** @param opened closes the features */
  constructor(opened: AsyncDisposableStack) {
    this.#opened = opened;
  }

  /** Adds a feature and returns it; `undefined` if it is disabled. */
  add<Opened extends Feature | undefined>(feature: Opened): Opened {
    if (feature) {
      this.#features.push(feature);
      this.#opened.defer(() => feature.close?.());
    }
    return feature;
  }

  /** Adds the handlers of a feature. Throws if another feature serves one of the routes. */
  serve(handlers: Partial<Handlers>): void {
    for (const route of Object.keys(handlers))
      if (Object.hasOwn(this.#handlers, route)) throw new Error(`Two features serve ${route}`);
    Object.assign(this.#handlers, handlers);
  }

  /** The handlers of all features. The server checks that every route has one. */
  get handlers(): Handlers {
    return this.#handlers as Handlers;
  }

  async health(): Promise<readonly RuntimeHealth[]> {
    return Promise.all(this.#features.flatMap((feature) => feature.health?.() ?? []));
  }
}
