import type { RosEndpoint } from '../adapter/graph.ts';
import { CHANGE_STATE, GET_STATE } from './lifecycle-messages.ts';

/** Full names of the services and the topic by which the lifecycle of a node is seen and changed. */
export function lifecycleNames(fqn: string) {
  return {
    getState: `${fqn}/get_state`,
    changeState: `${fqn}/change_state`,
    availableStates: `${fqn}/get_available_states`,
    availableTransitions: `${fqn}/get_available_transitions`,
    transitionGraph: `${fqn}/get_transition_graph`,
    transitionEvent: `${fqn}/transition_event`,
  };
}

/** True for a managed node: it offers both to tell and to change its state. `services` are those of the node, by name. */
export function isManagedNode(fqn: string, services: ReadonlyMap<string, Pick<RosEndpoint, 'type'>>): boolean {
  const { getState, changeState } = lifecycleNames(fqn);
  return services.get(getState)?.type === GET_STATE && services.get(changeState)?.type === CHANGE_STATE;
}
