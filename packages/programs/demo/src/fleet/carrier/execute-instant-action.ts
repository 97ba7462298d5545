import type { ActionState, InstantAction, RobotError } from '@medkit/vda5050';
import type { Carrier } from './carrier.ts';

/** Maximum number of stored actions; fleet control repeats an action that it does not see in the state. */
const MAX_ACTIONS = 32;

/** Result of an action: the new carrier and the status. */
type Outcome = readonly [carrier: Carrier, status: 'FINISHED' | 'FAILED', error?: string];

/** Supported instant actions. The caller sends requested messages. */
const ACTIONS: Readonly<Record<string, (carrier: Carrier) => Outcome>> = {
  stateRequest: (carrier) => [carrier, 'FINISHED'],
  factsheetRequest: (carrier) => [carrier, 'FINISHED'],
  cancelOrder: (carrier) =>
    carrier.nodes.length === 0
      ? [carrier, 'FAILED', 'noOrderToCancel']
      : [{ ...carrier, nodes: [], edges: [], driving: false, errors: [] }, 'FINISHED'],
};

/** Executes an instant action (2.1.0, 6.8.2). A known action changes nothing. */
export function executeInstantAction(carrier: Carrier, { actionId, actionType }: InstantAction): Carrier {
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
