export { listAuditFile } from '@medkit/audit';
export { type AuditVerdict, verifyAuditFile } from '@medkit/store';
export { auditLocation } from './audit/audit-location.ts';
export * from './config/index.ts';
export { type ConfigExplanation, type ConfigProblem, type ExplainedSetting, explainConfig } from './explain-config.ts';
export { createGatewayServer, type GatewayServerOptions } from './gateway-server.ts';
export { isGatewayAt, StartRefused } from './listen.ts';
export { type RunningGateway, type StartOptions, startGateway } from './start-gateway.ts';
