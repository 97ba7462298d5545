import type { RosEndpoint } from '../graph.ts';
import { CHANGE_STATE, GET_STATE } from './lifecycle-messages.ts';

/** Returns the full names of the services and the topic of a node's lifecycle. */
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

/**
 * Returns whether a node is managed: it offers services to read and change its state. `services` are the node's, by
 * name.
 */
export function isManagedNode(fqn: string, services: ReadonlyMap<string, Pick<RosEndpoint, 'type'>>): boolean {
  const { getState, changeState } = lifecycleNames(fqn);
  return services.get(getState)?.type === GET_STATE && services.get(changeState)?.type === CHANGE_STATE;
}
