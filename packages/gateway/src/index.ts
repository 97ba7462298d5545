export * from './config/index.ts';
export { createGatewayServer, type GatewayServerOptions } from './gateway-server.ts';
export { StartRefused } from './http/listen.ts';
export { type RunningGateway, type StartOptions, startGateway } from './start-gateway.ts';
