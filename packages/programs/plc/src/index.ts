export { tankNodeMapFile } from './node-map-file.ts';
export type { PlcOptions } from './process/plc-options.ts';
export { type AlarmCommand, PlcFailed, type RunningPlc, startPlc } from './process/start-plc.ts';
export type { TankAlarmName } from './tank/tank-alarms.ts';
