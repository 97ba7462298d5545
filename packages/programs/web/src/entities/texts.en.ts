import type { PictureType } from './picture-values.ts';

export const texts: {
  readonly label: Readonly<Record<PictureType, string>>;
  readonly notDrawn: string;
  readonly image: (item: string, width: number, height: number) => string;
  readonly noImage: (item: string) => string;
  readonly imageSize: (width: number, height: number) => string;
  readonly waitForImage: string;
  readonly pauseImage: string;
  readonly resumeImage: string;
  readonly logSettings: string;
  readonly logSettingsHelp: string;
  readonly logMinimum: string;
  readonly logMaximum: string;
  readonly saveLogSettings: string;
} = {
  label: {
    'sensor_msgs/msg/LaserScan': 'The laser scan from above; the robot in the middle points up',
    'nav_msgs/msg/OccupancyGrid': 'The map from above; dark cells are occupied',
  },
  notDrawn: 'This value cannot be drawn. Its members are listed below.',
  image: (item, width, height) => `Newest image of ${item}, ${width} × ${height} pixels`,
  noImage: (item) => `No image of ${item} yet`,
  imageSize: (width, height) => `${width} × ${height} pixels`,
  waitForImage: 'Waiting for an image',
  pauseImage: 'Pause',
  resumeImage: 'Resume',
  logSettings: 'List for all clients',
  logSettingsHelp:
    'What the gateway lists for clients that do not choose, until it restarts. The stored entries do not change.',
  logMinimum: 'Minimum severity',
  logMaximum: 'Maximum entries',
  saveLogSettings: 'Save list settings',
};
