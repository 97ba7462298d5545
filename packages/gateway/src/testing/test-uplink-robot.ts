import type { Server } from 'node:http';
import type { Fault, FaultEventType, FaultProvider } from '@medkit/core';
import { fault, memoryFaults } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { FAULT_TABLES, faultStorage } from '@medkit/faults';
import { memoryStore } from '@medkit/store';
import { gatewayUplink } from '../uplink/gateway-uplink.ts';
import { testGateway } from './test-gateway.ts';

/** A robot's gateway that records faults in an uplink log, all in memory. */
export async function testUplinkRobot(seed = 3) {
  const clock = systemClock;
  const log = (_level: string, line: string): never => {
    throw new Error(line);
  };
  const uplink = gatewayUplink({ clock, random: seededRandom(seed), maxBytes: 2 ** 26, log });
  const store = memoryStore({ clock, migrations: { ...FAULT_TABLES, ...uplink.tables } });
  const { storage } = await uplink.attach(store, faultStorage(store, 0));
  const active = new Map<string, Fault>();
  const current = () => memoryFaults({ faults: [...active.values()] });
  const list: FaultProvider['list'] = (...request) => current().list(...request);
  const get: FaultProvider['get'] = (...request) => current().get(...request);
  const gateway = await testGateway(
    {},
    undefined,
    { faults: { ...memoryFaults(), list, get } },
    { uplink, clock, instance: `robot-${seed}` },
  );
  await gateway.app.ready();
  /** Writes an event and its record; the fault is active on the robot if it is confirmed. */
  const report = async (code: string, type: FaultEventType = 'fault_confirmed', severity: 0 | 1 | 2 | 3 = 2) => {
    const reported = fault(code, { sources: ['/lidar_driver'], severity });
    if (type === 'fault_confirmed') active.set(code, reported);
    else active.delete(code);
    const event = { type, fault: reported, timeNs: clock.wallNs(), autoClearedCodes: [] };
    await storage.save({ faults: [reported], events: [event] });
  };
  const server: Server = gateway.app.server;
  return { ...gateway, uplink, report, server, close: () => gateway.app.close() };
}

export type TestUplinkRobot = Awaited<ReturnType<typeof testUplinkRobot>>;
