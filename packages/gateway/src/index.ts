export { type AuditVerdict, verifyAuditFile } from '@medkit/store';
export * from './config/index.ts';
export { type ExamineOptions, examineRobot } from './examine-robot.ts';
export {
  type ConfigExplanation,
  type ConfigProblem,
  type ExplainedSetting,
  explainConfig,
} from './explain-config.ts';
export { auditLogOf } from './faults/audit-log-of.ts';
export { createGatewayServer, type GatewayServerOptions } from './gateway-server.ts';
export { StartRefused } from './http/listen.ts';
export { type RunningGateway, type StartOptions, startGateway } from './start-gateway.ts';
