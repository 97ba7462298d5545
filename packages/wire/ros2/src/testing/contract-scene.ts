import { it } from 'node:test';
import type { RosAdapter } from '../adapter/adapter.ts';

/** A graph that adapters can join. */
export interface ContractNetwork {
  join(options?: { readonly showMedkitNodes?: boolean }): Promise<RosAdapter>;
  /** Advances time until `condition` holds. Fails after some seconds. */
  until(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
  /** Closes all joined adapters. */
  close(): Promise<void>;
}

/** A network on which a test case runs. */
export interface Stage extends ContractNetwork {
  /** Advances time until a promise is settled, and returns the promise. */
  passing<T>(promise: Promise<T>): Promise<T>;
}

export type Play = (stage: Stage, robot: RosAdapter, medkit: RosAdapter) => Promise<void>;

/** Defines test cases with two adapters, each on a separate network. */
export function contractScene(openNetwork: () => Promise<ContractNetwork>): (behaviour: string, play: Play) => void {
  return (behaviour, play) => {
    it(behaviour, async () => {
      const network = await openNetwork();
      try {
        await play(stageOn(network), await network.join(), await network.join());
      } finally {
        await network.close();
      }
    });
  };
}

export function stageOn(network: ContractNetwork): Stage {
  return {
    ...network,
    async passing(promise) {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      promise.then(settle, settle);
      await network.until(() => isSettled, 'it is settled');
      return promise;
    },
  };
}
