export { askDemo, NoDemoRunning } from './control/control-client.ts';
export type { ControlReply, ControlRequest } from './control/protocol.ts';
export { ControlUnusable, controlSocketPath, fleetSocketPath } from './control/socket-path.ts';
export type { ErrorView, FleetView, RobotView, RouteView } from './fleet/view/fleet-view.ts';
export { followFleet, NoFleetRunning } from './fleet/view/fleet-viewer.ts';
export { demoConfigurationFile, demoDiscovery, stationSettings } from './gateway/gateway-files.ts';
export { DEMO_DOMAIN_ID, demoEnvironment } from './process/demo-environment.ts';
export { openDemoFolder, removeDemoFolder } from './process/demo-folder.ts';
export { DemoFailed } from './process/demo-process.ts';
export {
  type DemoOptions,
  type RunningDemo,
  refuseSecondDemo,
  startDemo,
  writeDemoAddress,
} from './process/start-demo.ts';
export { type FleetProcessOptions, type RunningFleet, startFleet } from './process/start-fleet.ts';
export { type GateProcessOptions, type RunningGate, startGate } from './process/start-gate.ts';
export type { Delivery, ReceiverAddress } from './receiver/webhook-receiver.ts';
export { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios/scenarios.ts';
