import type { PictureType } from './picture-values.ts';

export const texts: {
  readonly label: Readonly<Record<PictureType, string>>;
  readonly notDrawn: string;
} = {
  label: {
    'sensor_msgs/msg/LaserScan': 'The laser scan from above; the robot in the middle points up',
    'nav_msgs/msg/OccupancyGrid': 'The map from above; dark cells are occupied',
  },
  notDrawn: 'This value cannot be drawn. Its members are listed below.',
};
