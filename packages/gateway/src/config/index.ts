export { ConfigRefused, type Notice } from './assignment.ts';
export { configHelp, configMarkdown } from './config-documents.ts';
export type { Environment } from './environment-source.ts';
export { isLoopbackHost } from './exposure.ts';
export { configFlags, type FlagValues } from './flag-source.ts';
export { defaultConfigFile, type Folders } from './folders.ts';
export type { GatewayConfig } from './gateway-config.ts';
export { type ConfigSources, type LoadedConfig, loadConfig } from './load-config.ts';
export { nearestName } from './nearest.ts';
