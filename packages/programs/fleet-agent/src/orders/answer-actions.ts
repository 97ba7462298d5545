import type { ActionState, InstantAction, ProtocolVersion, RobotError } from '@medkit/vda5050';
import type { NamedFault } from '../clearing/fault-clearing.ts';
import { type Desk, MAX_ACTIONS } from './desk.ts';
import { REFUSAL_TYPES } from './refusal-words.ts';
import { malformedError } from './refuse-order.ts';

/** What can be done for a fleet control now. */
export interface Abilities {
  readonly hasFactsheet: boolean;
  /** Why a fault may not be cleared from there, in words; undefined where it may. */
  clearingProblem(fault: NamedFault): string | undefined;
}

/** What is still to be done for an action. A state is sent in any case. */
export type Errand =
  | { readonly do: 'send factsheet' }
  | { readonly do: 'clear fault'; readonly actionId: string; readonly fault: NamedFault };

interface Answer {
  readonly status: 'FINISHED' | 'FAILED' | 'RUNNING';
  readonly result?: string;
  readonly errand?: Errand;
  /** The name of the error that goes with a failure. */
  readonly error?: 'cancel' | 'action';
}

const failed = (result: string, error: 'cancel' | 'action' = 'action'): Answer => ({ status: 'FAILED', result, error });

/** Does what an agent can do, and refuses the rest. An action that is known by its `actionId` is not done twice. */
export function answerActions(
  desk: Desk,
  version: ProtocolVersion,
  asked: readonly InstantAction[],
  abilities: Abilities,
): { readonly desk: Desk; readonly errands: readonly Errand[] } {
  let { orderError } = desk;
  let actions = desk.actions;
  const actionErrors: RobotError[] = [];
  const errands: Errand[] = [];
  // What came behind the first so many would push them out again.
  for (const action of asked.slice(0, MAX_ACTIONS)) {
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
  return { desk: { ...(orderError && { orderError }), actionErrors, actions }, errands };
}

/** The desk after a message that is no instant actions as its version has them; `problem` says why. */
export function refuseMalformedActions(desk: Desk, version: ProtocolVersion, problem: string): Desk {
  return { ...desk, actionErrors: [malformedError(version, 'instantActions', problem)] };
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
        return failed('clearFault takes the parameters faultCode and entityId, both of them texts');
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

const notDone = (actionType: string): string => `${actionType} is none of the actions that this client can do`;

function refusal(version: ProtocolVersion, error: 'cancel' | 'action', action: InstantAction, why: string): RobotError {
  return {
    type: REFUSAL_TYPES[version][error],
    level: 'WARNING',
    references: [
      { key: 'topic', value: 'instantActions' },
      { key: 'actionId', value: action.actionId },
    ],
    description: `${action.actionType} is refused: ${why}.`,
  };
}
