import { type BeaconHint, emptyHint } from '@medkit/beacon';
import type { Clock } from '@medkit/edges';
import type { RosMessage, TimeMessage } from '@medkit/ros2';

/** A decoded `ros2_medkit_msgs/msg/MedkitDiscoveryHint`. */
interface HintMessage {
  readonly entity_id: string;
  readonly stable_id: string;
  readonly display_name: string;
  readonly function_ids: readonly string[];
  readonly depends_on: readonly string[];
  readonly component_id: string;
  readonly transport_type: string;
  readonly negotiated_format: string;
  readonly process_id: number;
  readonly process_name: string;
  readonly hostname: string;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  readonly stamp: TimeMessage;
}

export const HINT_TYPE = 'ros2_medkit_msgs/msg/MedkitDiscoveryHint';

/**
 * Returns the hint in a message. Its age is measured from its arrival: the sender's clock may be simulated or wrong.
 */
export function hintOf(received: RosMessage, clock: Pick<Clock, 'monotonicMs'>): BeaconHint {
  const message = received as unknown as HintMessage;
  return {
    ...emptyHint(message.entity_id, clock.monotonicMs()),
    stableId: message.stable_id,
    displayName: message.display_name,
    functionIds: message.function_ids,
    dependsOn: message.depends_on,
    componentId: message.component_id,
    transportType: message.transport_type,
    negotiatedFormat: message.negotiated_format,
    processId: message.process_id,
    processName: message.process_name,
    hostname: message.hostname,
    metadata: Object.fromEntries(message.metadata.map(({ key, value }) => [key, value])),
  };
}
