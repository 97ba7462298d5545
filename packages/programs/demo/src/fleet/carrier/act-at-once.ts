import type { ActionState, InstantAction, RobotError } from '@medkit/vda5050';
import type { Carrier } from './carrier.ts';

/** So many actions are remembered, the newest: fleet control sends one again when it does not see it. */
const MAX_ACTIONS = 32;

/** What comes of an action: of what the carrier is, and how it ended. */
type Outcome = readonly [carrier: Carrier, status: 'FINISHED' | 'FAILED', error?: string];

/** What the carrier can do at once. Who runs it sends what is asked for. */
const ACTIONS: Readonly<Record<string, (carrier: Carrier) => Outcome>> = {
  stateRequest: (carrier) => [carrier, 'FINISHED'],
  factsheetRequest: (carrier) => [carrier, 'FINISHED'],
  cancelOrder: (carrier) =>
    carrier.nodes.length === 0
      ? [carrier, 'FAILED', 'noOrderToCancel']
      : [{ ...carrier, nodes: [], edges: [], driving: false, errors: [] }, 'FINISHED'],
};

/** The carrier after an action that it is to do at once (2.1.0, 6.8.2); one that it knows already changes nothing. */
export function actAtOnce(carrier: Carrier, { actionId, actionType }: InstantAction): Carrier {
  if (carrier.actions.some((one) => one.actionId === actionId)) return carrier;
  const act = Object.hasOwn(ACTIONS, actionType) ? ACTIONS[actionType] : undefined;
  const [after, status, error] = act?.(carrier) ?? ([carrier, 'FAILED', 'instantActionError'] as const);
  const done: ActionState = { actionId, actionType, status };
  const actions = [...after.actions, done].slice(-MAX_ACTIONS);
  return { ...after, actions, ...(error !== undefined && { errors: [refusalOf(actionId, error)] }) };
}

function refusalOf(actionId: string, type: string): RobotError {
  return { type, level: 'WARNING', references: [{ key: 'actionId', value: actionId }] };
}
