import type { PluginContext } from '@medkit/plugin';
import type { RosMessage } from '@medkit/ros2';

/** The part of the plugin context that the services use. */
export type Gateway = Pick<PluginContext, 'entities' | 'request'>;

/** One of the services. */
export interface MedkitService {
  /** Relative to the prefix: `list_entities`. */
  readonly name: string;
  readonly type: string;
  answer(request: RosMessage, gateway: Gateway): Promise<RosMessage>;
}

/** Returns the answer for a failed request. */
export function refused(reason: string): RosMessage {
  return { success: false, error_message: reason };
}
