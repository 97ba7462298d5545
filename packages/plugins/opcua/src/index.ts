/** PLCs as entities of a robot, over OPC UA. */
export { plugin } from './opcua-plugin.ts';
export { certificateProblems } from './session/certificate-demands.ts';
export { type GeneratedCertificate, writeClientCertificate } from './session/client-certificate-files.ts';
