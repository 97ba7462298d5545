export { appIds, bareAppId } from './app-ids.ts';
export { type Globs, globs } from './globs.ts';
export { type HostFacts, hostComponent, hostId, osNameOf } from './host-component.ts';
export { isInternalNode } from './internal-node.ts';
export { type NamespaceFunctions, namespaceFunctions } from './namespace-functions.ts';
export { boundNode, splitNodeName } from './node-names.ts';
