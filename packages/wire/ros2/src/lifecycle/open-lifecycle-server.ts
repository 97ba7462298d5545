import type { Clock } from '@medkit/edges';
import type { LocalNode } from '../adapter/adapter.ts';
import type { ServiceHandler } from '../adapter/service.ts';
import type { CallbackOutcome, LifecycleCallbacks, LifecycleServer, LifecycleStateLabel } from './lifecycle.ts';
import {
  ALL_STATES,
  CHANGE_STATE,
  decodeRequest,
  encodeDescription,
  encodeEvent,
  encodeState,
  GET_AVAILABLE_STATES,
  GET_AVAILABLE_TRANSITIONS,
  GET_STATE,
  TRANSITION_EVENT,
} from './lifecycle-messages.ts';
import { lifecycleNames } from './managed-node.ts';
import {
  endedTransition,
  type RequestedTransition,
  requestedTransition,
  TRANSITIONS,
  type TransitionDescription,
  type TransitionRequest,
  transitionsFrom,
} from './state-machine.ts';

export interface LifecycleServerOptions {
  /** For the time in transition events. */
  readonly clock: Clock;
  readonly callbacks: LifecycleCallbacks;
  /** Called with exceptions of callbacks. */
  readonly onCallbackError: (callback: keyof LifecycleCallbacks, error: unknown) => void;
}

/** Results of missing callbacks, as in rclcpp: an unhandled error finalizes the node. */
const DEFAULT_OUTCOMES: Readonly<Record<keyof LifecycleCallbacks, CallbackOutcome>> = {
  configure: 'success',
  cleanup: 'success',
  activate: 'success',
  deactivate: 'success',
  shutdown: 'success',
  error: 'failure',
};

/** Makes `node` a managed node, initially `unconfigured`, with its five services and its transition events. */
export async function openLifecycleServer(
  node: Pick<LocalNode, 'fqn' | 'publisher' | 'service'>,
  { clock, callbacks, onCallbackError }: LifecycleServerOptions,
): Promise<LifecycleServer> {
  const names = lifecycleNames(node.fqn);
  await using opened = new AsyncDisposableStack();
  const events = opened.adopt(await node.publisher(names.transitionEvent, TRANSITION_EVENT), (topic) => topic.close());
  let state: LifecycleStateLabel = 'unconfigured';
  let open = true;

  const go = async (transition: TransitionDescription): Promise<void> => {
    state = transition.goal;
    if (open) await events.publish(encodeEvent(transition, clock.wallNs()));
  };
  const outcomeOf = async (name: keyof LifecycleCallbacks, previous: LifecycleStateLabel): Promise<CallbackOutcome> => {
    try {
      return (await callbacks[name]?.(previous)) ?? DEFAULT_OUTCOMES[name];
    } catch (error) {
      onCallbackError(name, error);
      return 'error';
    }
  };
  const run = async (requested: RequestedTransition): Promise<boolean> => {
    const { label, start } = requested;
    await go(requested);
    const outcome = await outcomeOf(label, start);
    await go(endedTransition(state, outcome));
    if (outcome === 'error') await go(endedTransition(state, await outcomeOf('error', start)));
    return outcome === 'success';
  };
  const change = async (request: TransitionRequest): Promise<boolean> => {
    const requested = requestedTransition(state, request);
    return requested ? run(requested) : false;
  };

  const offer = async (name: string, type: string, handler: ServiceHandler): Promise<void> => {
    opened.adopt(await node.service(name, type, handler), (service) => service.close());
  };
  const states = { available_states: ALL_STATES.map(encodeState) };
  const graph = { available_transitions: TRANSITIONS.map(encodeDescription) };
  await offer(names.getState, GET_STATE, () => ({ current_state: encodeState(state) }));
  await offer(names.changeState, CHANGE_STATE, async (request) => ({ success: await change(decodeRequest(request)) }));
  await offer(names.availableStates, GET_AVAILABLE_STATES, () => states);
  await offer(names.availableTransitions, GET_AVAILABLE_TRANSITIONS, () => ({
    available_transitions: transitionsFrom(state).map(encodeDescription),
  }));
  await offer(names.transitionGraph, GET_AVAILABLE_TRANSITIONS, () => graph);

  const resources = opened.move();
  return {
    get state() {
      return state;
    },
    change: (label) => change({ label }),
    close: () => {
      open = false;
      return resources.disposeAsync();
    },
  };
}
