export { tankNodeMapFile } from './node-map-file.ts';
export type { PlcOptions } from './process/plc-options.ts';
export { type AlarmCommand, PlcFailed, type PlcListener, type RunningPlc, startPlc } from './process/start-plc.ts';
export type { PlcSecurity, SecurityModeName, SecurityPolicyName } from './server/security.ts';
export { TANK_ALARM_NAMES, type TankAlarmName } from './tank/tank-alarms.ts';
export { isPlcScenarioName, PLC_SCENARIO_NAMES, PLC_SCENARIOS, type PlcScenarioName } from './tank/tank-faults.ts';
