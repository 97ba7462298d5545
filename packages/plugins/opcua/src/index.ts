/** PLCs as entities of a robot, over OPC UA. */
export { plugin } from './opcua-plugin.ts';
export { certificateLacks } from './session/certificate-demands.ts';
export { type MadeCertificate, writeClientCertificate } from './session/client-certificate-files.ts';
