import { it } from 'node:test';
import type { RosAdapter } from './adapter.ts';

/** A graph that adapters can join. */
export interface ContractNetwork {
  join(options?: { readonly showOwnNodes?: boolean }): Promise<RosAdapter>;
  /** Lets time pass until `condition` holds; fails after some seconds. */
  until(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
  /** Closes what was joined. */
  close(): Promise<void>;
}

/** A network on which a case is played. */
export interface Stage extends ContractNetwork {
  /** Lets time pass until a promise is settled, and gives what it became. */
  passing<T>(promise: Promise<T>): Promise<T>;
}

export type Play = (stage: Stage, robot: RosAdapter, medkit: RosAdapter) => Promise<void>;

/** Makes cases of two adapters, each with a network of its own. */
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
