import type { Server } from 'node:http';
import type { Fault, FaultEventType, FaultProvider, RecordingSource } from '@medkit/core';
import { fault, memoryFaults } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { MemoryFiles } from '@medkit/edges/testing';
import { FAULT_TABLES, faultStorage } from '@medkit/faults';
import { memoryStore, type Store } from '@medkit/store';
import { EVIDENCE_TRIGGERS, UPLINK_TABLES } from '@medkit/uplink';
import { openPrincipals } from '../security/identify.ts';
import { gatewayHubs } from '../uplink/gateway-hubs.ts';
import { gatewayUplink } from '../uplink/gateway-uplink.ts';
import type { UplinkLogSource } from '../uplink/handshake-record.ts';
import { testConfig, testGateway } from './test-gateway.ts';

export interface UplinkRobotOptions {
  /** The disk of the robot, with its enrolments: it connects to its hubs. */
  readonly files?: MemoryFiles;
  /** The database of an earlier start. */
  readonly store?: Store;
  readonly changes?: NonNullable<Parameters<typeof testConfig>[0]>;
  /** Recordings at the time of a request. */
  readonly recordings?: readonly RecordingSource[];
}

/** Data folder of a robot in `files`. */
export const ROBOT_FOLDER = '/robot';

/** A database for the faults and the log of a robot. */
export const robotStore = (): Store =>
  memoryStore({ clock: systemClock, migrations: { ...FAULT_TABLES, ...UPLINK_TABLES, ...EVIDENCE_TRIGGERS } });

/** A robot's gateway that records faults in an uplink log, all in memory. */
export async function testUplinkRobot(
  seed = 3,
  { files, store = robotStore(), changes = {}, recordings = [] }: UplinkRobotOptions = {},
) {
  const clock = systemClock;
  const lines: string[] = [];
  const log = (_level: string, line: string): never => {
    throw new Error(line);
  };
  const random = seededRandom(seed);
  const config = { ...(await testConfig(changes)), data_dir: ROBOT_FOLDER };
  const uplinkLog: UplinkLogSource = { log: () => uplink.log(), whenOpen: (signal) => uplink.whenOpen(signal) };
  const connecting = { config, clock, random, uplinkLog, addresses: () => '' };
  const hubs =
    files && (await gatewayHubs({ ...connecting, files, log: (level, line) => lines.push(`${level}: ${line}`) }));
  const known = hubs && { owners: hubs.owners, hubs: hubs.enrolled };
  const uplink = gatewayUplink({ clock, random, maxBytes: 2 ** 26, ...known, log });
  const { storage, close: closeLog } = await uplink.attach(store, faultStorage(store, 0));
  const active = new Map<string, Fault>();
  const current = () => memoryFaults({ faults: [...active.values()] });
  const list: FaultProvider['list'] = (...request) => current().list(...request);
  const get: FaultProvider['get'] = (...request) => current().get(...request);
  const parts = hubs && { hubs, principals: openPrincipals({ token: '', random, hub: hubs.access }) };
  const faults = { ...memoryFaults({ recordings }), list, get };
  const gateway = await testGateway(
    changes,
    undefined,
    { faults },
    { uplink, clock, instance: `robot-${seed}`, ...parts },
  );
  await gateway.app.ready();
  hubs?.connect(gateway.app);
  /** Writes an event and its record; the fault is active on the robot if it is confirmed. */
  const report = async (code: string, type: FaultEventType = 'fault_confirmed', severity: 0 | 1 | 2 | 3 = 2) => {
    const reported = fault(code, { sources: ['/lidar_driver'], severity });
    if (type === 'fault_confirmed') active.set(code, reported);
    else active.delete(code);
    const event = { type, fault: reported, timeNs: clock.wallNs(), autoClearedCodes: [] };
    await storage.save({ faults: [reported], events: [event] });
  };
  const server: Server = gateway.app.server;
  const close = async (): Promise<void> => {
    await hubs?.close();
    await gateway.app.close();
    await closeLog();
  };
  return { ...gateway, uplink, store, lines, report, server, close };
}

export type TestUplinkRobot = Awaited<ReturnType<typeof testUplinkRobot>>;
