export type { AgentConfig, BrokerSettings, GatewaySettings, SafetySettings } from './config/agent-config.ts';
export type { DataRef } from './config/entity-path.ts';
export { loadAgentConfig } from './config/load-agent-config.ts';
export { readAgentConfig } from './config/read-agent-config.ts';
export { openPictureSource, type PictureOptions } from './picture/open-picture-source.ts';
export { publicUrlOf } from './picture/public-url.ts';
export type { MappedMembers, MissingMember, PictureSource, RobotPicture } from './picture/robot-picture.ts';
export { DEFAULT_RULES } from './rules/default-rules.ts';
