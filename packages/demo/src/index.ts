export { askDemo, NoDemoRunning } from './control/control-client.ts';
export type { ControlReply, ControlRequest } from './control/protocol.ts';
export { ControlUnusable, controlSocketPath } from './control/socket-path.ts';
export { demoConfigurationFile } from './gateway/configuration-file.ts';
export { demoDiscovery } from './gateway/manifest-file.ts';
export { DEMO_DOMAIN_ID, demoEnvironment } from './process/demo-environment.ts';
export { DemoFailed, type DemoOptions, type RunningDemo, startDemo } from './process/start-demo.ts';
export { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';
