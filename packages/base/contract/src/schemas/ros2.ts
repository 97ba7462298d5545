import { named, optional } from './compose.ts';
import * as Type from './type.ts';

export const XMedkitRos2 = named(
  'XMedkitRos2',
  Type.Object(
    {
      action: optional(Type.String()),
      direction: optional(
        Type.String({ description: '`publish`, `subscribe` or `both`, from the view of the entity.' }),
      ),
      kind: optional(Type.String()),
      namespace: optional(Type.String()),
      node: optional(Type.String({ description: 'Fully qualified node name.' })),
      publisher: optional(
        Type.String({ description: 'Node that published the value, if the topic has several publishers.' }),
      ),
      service: optional(Type.String()),
      topic: optional(Type.String()),
      type: optional(Type.String({ description: 'Such as `sensor_msgs/msg/LaserScan`.' })),
    },
    { description: 'Origin in terms of ROS 2.' },
  ),
);
export type XMedkitRos2 = Type.Static<typeof XMedkitRos2>;
