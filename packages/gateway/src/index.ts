export * from './config/index.ts';
export { type ExamineOptions, examineRobot } from './examine-robot.ts';
export { createGatewayServer, type GatewayServerOptions } from './gateway-server.ts';
export { StartRefused } from './http/listen.ts';
export { type RunningGateway, type StartOptions, startGateway } from './start-gateway.ts';
