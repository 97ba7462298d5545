import type { Header } from '../protocol/header.ts';
import type { RobotState } from '../robot/robot-state.ts';

/** A robot that is not moving, without an order, errors or information. */
export const IDLE_ROBOT: RobotState = {
  nodes: [],
  edges: [],
  driving: false,
  actions: [],
  instantActions: [],
  battery: { chargePercent: 80, charging: false },
  operatingMode: 'AUTOMATIC',
  errors: [],
  information: [],
  safety: { emergencyStop: 'NONE', fieldViolation: false },
};

export const exampleHeader = (version: string): Header => ({
  headerId: 7,
  timestamp: '2026-01-02T03:04:05.678Z',
  version,
  manufacturer: 'ACME',
  serialNumber: 'AMR-1',
});
