export { askDemo, NoDemoRunning } from './control/control-client.ts';
export type { ControlReply, ControlRequest } from './control/protocol.ts';
export { ControlUnusable, controlSocketPath } from './control/socket-path.ts';
export { demoConfigurationFile, demoDiscovery } from './gateway/gateway-files.ts';
export { DEMO_DOMAIN_ID, demoEnvironment } from './process/demo-environment.ts';
export { openDemoFolder, removeDemoFolder } from './process/demo-folder.ts';
export { DemoFailed, type DemoOptions, type RunningDemo, refuseSecondDemo, startDemo } from './process/start-demo.ts';
export type { Delivery, ReceiverAddress } from './receiver/webhook-receiver.ts';
export { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';
