import type { LifecycleAction } from '@medkit/contract';
import type { StatusKind, StatusService } from '@medkit/entities';
import { done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';

type StatusHandlers = Pick<
  Handlers,
  | 'getStatus'
  | 'putStatusStart'
  | 'putStatusRestart'
  | 'putStatusForceRestart'
  | 'putStatusShutdown'
  | 'putStatusForceShutdown'
>;

/** The handlers of status and lifecycle. */
export function statusHandlers(status: StatusService): StatusHandlers {
  const change =
    (action: LifecycleAction) =>
    async ({ kind, entityId, call }: Exchange<never>) => {
      const address = await status.change(kindOf(kind), entityId, action, call());
      return done({ Location: address });
    };
  return {
    getStatus: ({ kind, entityId, call }) => status.get(kindOf(kind), entityId, call()),
    putStatusStart: change('start'),
    putStatusRestart: change('restart'),
    putStatusForceRestart: change('force-restart'),
    putStatusShutdown: change('shutdown'),
    putStatusForceShutdown: change('force-shutdown'),
  };
}

/** The contract has these routes for apps and components alone. */
function kindOf(kind: Exchange['kind']): StatusKind {
  return kind === 'component' ? kind : 'app';
}
