import type { PluginContext } from '@medkit/plugin';
import type { RosMessage } from '@medkit/ros2';

/** What the services ask the gateway. */
export type Gateway = Pick<PluginContext, 'entities' | 'request'>;

/** One of the services. */
export interface MedkitService {
  /** Below the prefix: `list_entities`. */
  readonly name: string;
  readonly type: string;
  answer(request: RosMessage, gateway: Gateway): Promise<RosMessage>;
}

/** The answer to what cannot be answered. */
export function refused(reason: string): RosMessage {
  return { success: false, error_message: reason };
}
