/** PLCs in the tree of a robot, over OPC UA. */
export { plugin } from './opcua-plugin.ts';
