export { openHubEnd } from '../hub-end.ts';
export { openRobotEnd } from '../robot-end.ts';
export { type MemoryCarriers, memoryCarriers } from './memory-carriers.ts';
export { type MemoryHub, memoryHub, memoryRobot } from './memory-hub.ts';
export { type UplinkScene, uplinkPair, uplinkScene } from './uplink-pair.ts';
