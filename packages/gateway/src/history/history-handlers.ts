import { SovdError } from '@medkit/contract';
import type { Handlers } from '../http/exchange.ts';
import type { GatewayHistory } from './gateway-history.ts';

/** The handler of the state at a moment. If the history is disabled, throws `not-implemented`. */
export function historyHandlers(history: GatewayHistory | undefined): Pick<Handlers, 'getPastState'> {
  return {
    getPastState: ({ query, call }) => {
      if (history) return history.at(query, call());
      throw new SovdError({
        code: 'not-implemented',
        message: 'The history is disabled on this gateway: set history.enabled to true',
      });
    },
  };
}
