/** Types with messages of megabytes: measuring them costs more than their rate is worth. */
const HEAVY_TYPES: ReadonlySet<string> = new Set([
  'sensor_msgs/msg/CompressedImage',
  'sensor_msgs/msg/Image',
  'sensor_msgs/msg/PointCloud',
  'sensor_msgs/msg/PointCloud2',
  'stereo_msgs/msg/DisparityImage',
  'theora_image_transport/msg/Packet',
  'ffmpeg_image_transport_msgs/msg/FFMPEGPacket',
  'nav_msgs/msg/OccupancyGrid',
  'octomap_msgs/msg/Octomap',
  'visualization_msgs/msg/MarkerArray',
]);

/** Decided by type name, without receiving a message. */
export function isHeavy(type: string): boolean {
  return HEAVY_TYPES.has(type);
}
