import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { StoreError } from '@medkit/store';

/** One service of a fault manager. */
export interface FaultManagerService {
  /** Relative to the node: `list_faults`. */
  readonly name: string;
  readonly type: string;
  readonly answer: ServiceHandler;
}

/** @param type name of the service's type in `ros2_medkit_msgs` */
export const faultManagerService = (name: string, type: string, answer: ServiceHandler): FaultManagerService => ({
  name,
  type: `ros2_medkit_msgs/srv/${type}`,
  answer,
});

/** The error answer of most services. */
export const refused = (text: string): RosMessage => ({ success: false, error_message: text });

/** Returns the answer of `work`, or `failed` with the reason if the store fails. */
export async function unlessStoreFails(
  failed: (reason: string) => RosMessage,
  work: () => Promise<RosMessage>,
): Promise<RosMessage> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) return failed(error.message);
    throw error;
  }
}
