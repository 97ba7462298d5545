import type { LocalNode, Subscription } from '../adapter/adapter.ts';
import type { QosProfile } from '../graph.ts';
import { PARAMETER_EVENT_TYPE, PARAMETER_EVENTS_TOPIC, type ParameterEvent } from './parameter.ts';
import { decodeParameterEvent } from './parameter-message.ts';

/** rmw_qos_profile_parameter_events. */
export const PARAMETER_EVENTS_QOS: Partial<QosProfile> = { depth: 1000 };

/** Calls `listener` with every parameter change that a node publishes. Close the subscription to stop. */
export function onParameterEvent(
  node: Pick<LocalNode, 'subscribe'>,
  listener: (event: ParameterEvent) => void,
): Promise<Subscription> {
  return node.subscribe({
    topic: PARAMETER_EVENTS_TOPIC,
    type: PARAMETER_EVENT_TYPE,
    qos: PARAMETER_EVENTS_QOS,
    onSample: ({ message }) => {
      if (message) listener(decodeParameterEvent(message));
    },
  });
}
