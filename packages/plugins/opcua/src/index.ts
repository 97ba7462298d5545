/** PLCs as entities of a robot, over OPC UA. */
export { plugin } from './opcua-plugin.ts';
