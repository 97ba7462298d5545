export { type Globs, globs } from './globs.ts';
export { type HostFacts, hostComponent, hostId, osNameOf } from './host-component.ts';
export { boundNode, splitNodeName } from './node-names.ts';
