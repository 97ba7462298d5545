import type { LocalNode } from '../adapter/adapter.ts';
import type { LifecycleClient, LifecycleStateLabel } from './lifecycle.ts';
import { CHANGE_STATE, decodeState, GET_STATE, TRANSITION_EVENT } from './lifecycle-messages.ts';
import { lifecycleNames } from './managed-node.ts';
import { requestedTransition } from './state-machine.ts';

export interface LifecycleClientOptions {
  /** FQN of the managed node. */
  readonly target: string;
  /** Called with every state that the node announces. */
  readonly onState: (state: LifecycleStateLabel) => void;
}

/** Opens a lifecycle client as part of `node`. The managed node need not exist yet. */
export async function openLifecycleClient(
  node: Pick<LocalNode, 'client' | 'subscribe'>,
  { target, onState }: LifecycleClientOptions,
): Promise<LifecycleClient> {
  const names = lifecycleNames(target);
  await using opened = new AsyncDisposableStack();
  const getState = opened.adopt(await node.client(names.getState, GET_STATE), (client) => client.close());
  const changeState = opened.adopt(await node.client(names.changeState, CHANGE_STATE), (client) => client.close());
  const events = await node.subscribe({
    topic: names.transitionEvent,
    type: TRANSITION_EVENT,
    onSample: ({ message }) => message && onState(decodeState(message, 'goal_state')),
  });
  opened.defer(() => events.close());
  const resources = opened.move();

  return {
    node: target,
    state: async (options) => decodeState(await getState.call({}, options), 'current_state'),
    async change(transition, from, options) {
      const requested = requestedTransition(from, { label: transition });
      if (!requested) return false;
      const { id, label } = requested;
      const { success } = await changeState.call({ transition: { id, label } }, options);
      return success === true;
    },
    close: () => resources.disposeAsync(),
  };
}
