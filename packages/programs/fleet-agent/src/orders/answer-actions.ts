import type { ActionState, InstantAction, ProtocolVersion, RobotError } from '@medkit/vda5050';
import type { NamedFault } from '../clearing/fault-clearing.ts';
import { type InstantActionTracker, MAX_ACTIONS } from './instant-action-tracker.ts';
import { REFUSAL_TYPES } from './refusal-types.ts';
import { malformedError } from './refuse-order.ts';

/** What the agent can currently do for fleet control. */
export interface Abilities {
  readonly hasFactsheet: boolean;
  /** Returns the reason why fleet control must not clear a fault, or undefined if it may. */
  clearingProblem(fault: NamedFault): string | undefined;
}

/** Remaining work for an action. A state is sent in any case. */
export type Errand =
  | { readonly do: 'send factsheet' }
  | { readonly do: 'clear fault'; readonly actionId: string; readonly fault: NamedFault };

interface Answer {
  readonly status: 'FINISHED' | 'FAILED' | 'RUNNING';
  readonly result?: string;
  readonly errand?: Errand;
  /** Error type of a failure. */
  readonly error?: 'cancel' | 'action';
}

const failed = (result: string, error: 'cancel' | 'action' = 'action'): Answer => ({ status: 'FAILED', result, error });

/** Executes supported actions and rejects others. An action with a known `actionId` is not executed again. */
export function answerActions(
  tracker: InstantActionTracker,
  version: ProtocolVersion,
  requested: readonly InstantAction[],
  abilities: Abilities,
): { readonly tracker: InstantActionTracker; readonly errands: readonly Errand[] } {
  let { orderError } = tracker;
  let actions = tracker.actions;
  const actionErrors: RobotError[] = [];
  const errands: Errand[] = [];
  // Further actions would evict the first ones.
  for (const action of requested.slice(0, MAX_ACTIONS)) {
    const { actionId, actionType } = action;
    if (actions.some((known) => known.actionId === actionId)) continue;
    const { status, result, errand, error } = answerTo(action, version, abilities);
    if (actionType === 'cancelOrder') orderError = undefined;
    if (actionType === 'clearInstantActions' && status === 'FINISHED') actions = actions.filter(isUnderWay);
    actions = [...actions, { actionId, actionType, status, ...(result !== undefined && { result }) }].slice(
      -MAX_ACTIONS,
    );
    if (errand) errands.push(errand);
    if (error) actionErrors.push(refusal(version, error, action, result ?? ''));
  }
  return { tracker: { ...(orderError && { orderError }), actionErrors, actions }, errands };
}

/** Handles a malformed message with instant actions; `problem` is the reason. */
export function refuseMalformedActions(
  tracker: InstantActionTracker,
  version: ProtocolVersion,
  problem: string,
): InstantActionTracker {
  return { ...tracker, actionErrors: [malformedError(version, 'instantActions', problem)] };
}

const isUnderWay = ({ status }: ActionState): boolean => status !== 'FINISHED' && status !== 'FAILED';

function answerTo(
  { actionId, actionType, parameters }: InstantAction,
  version: ProtocolVersion,
  abilities: Abilities,
): Answer {
  switch (actionType) {
    case 'stateRequest':
      return { status: 'FINISHED' };
    case 'factsheetRequest':
      if (!abilities.hasFactsheet) return failed('no factsheet is configured');
      return { status: 'FINISHED', errand: { do: 'send factsheet' } };
    case 'cancelOrder':
      return failed('there is no order to cancel', 'cancel');
    case 'clearInstantActions':
      // Only 3.0.0 has this action.
      return version !== '3.0.0' ? failed(notDone(actionType)) : { status: 'FINISHED' };
    case 'clearFault': {
      const { faultCode, entityId } = parameters;
      if (typeof faultCode !== 'string' || typeof entityId !== 'string') {
        return failed('clearFault requires the parameters faultCode and entityId, both strings');
      }
      const fault = { faultCode, entityId };
      const problem = abilities.clearingProblem(fault);
      if (problem !== undefined) return failed(problem);
      return { status: 'RUNNING', errand: { do: 'clear fault', actionId, fault } };
    }
    default:
      return failed(notDone(actionType));
  }
}

const notDone = (actionType: string): string => `this client does not support the action ${actionType}`;

function refusal(
  version: ProtocolVersion,
  error: 'cancel' | 'action',
  action: InstantAction,
  reason: string,
): RobotError {
  return {
    type: REFUSAL_TYPES[version][error],
    level: 'WARNING',
    references: [
      { key: 'topic', value: 'instantActions' },
      { key: 'actionId', value: action.actionId },
    ],
    description: `${action.actionType} is rejected: ${reason}.`,
  };
}
