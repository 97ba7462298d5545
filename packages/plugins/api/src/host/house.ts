import type { CoreEvents, EntityLists, EventBus, FaultReport } from '@medkit/core';
import type { ApiReply, ApiRequest } from '../plugin-context.ts';

/** The gateway that plugins live in, once it is open. */
export interface House {
  entities(): EntityLists;
  readonly events: EventBus<CoreEvents>;
  reportFault(report: FaultReport): Promise<boolean>;
  /** What a plugin asks the API, as the principal that it is. */
  request(plugin: string, request: ApiRequest): Promise<ApiReply>;
}

/** The way from plugins to the house that is built around them. */
export class Doorway {
  #house: House | undefined;
  readonly #waiting: ((house: House) => void)[] = [];

  get house(): House | undefined {
    return this.#house;
  }

  /** To be called once, when the house is open. */
  open(house: House): void {
    this.#house = house;
    for (const enter of this.#waiting.splice(0)) enter(house);
  }

  /** Calls `enter` when the house is open: at once where it is. */
  whenOpen(enter: (house: House) => void): void {
    if (this.#house) enter(this.#house);
    else this.#waiting.push(enter);
  }
}
