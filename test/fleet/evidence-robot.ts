import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetEvidence } from '@medkit/contract';
import type { RecordingSource } from '@medkit/core';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import type { RobotUplink } from '@medkit/tunnel';
import { connectTestRobot, enrolTestRobot, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

interface HubParts {
  /** Changes of other sections of the configuration. */
  readonly changes?: Parameters<typeof testHub>[0];
  readonly parts?: Parameters<typeof testHub>[1];
}

/** A hub that stores evidence on disk, and a connected robot with an uplink log and recordings. */
export async function evidenceRobot(
  settings: Readonly<Record<string, unknown>> = {},
  { changes: others = {}, parts = {} }: HubParts = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-evidence-'));
  const files = { ...systemFiles, ...systemWritableFiles };
  const changes = { ...others, data_dir: folder, fleet: { enabled: true, ...settings } };
  const hub = await testHub(changes as never, { ...parts, storage: files as never });
  const recordings: RecordingSource[] = [];
  const robot = await testUplinkRobot(3, { recordings });
  const key = await enrolTestRobot(hub, 'amr-17');
  let uplink: RobotUplink | undefined;
  const connect = async (): Promise<void> => {
    uplink = await connectTestRobot(key, robot.server);
  };
  await connect();
  /** Reports the fault of a recording and the recording, as the fault manager stores it. */
  const record = async (recording: RecordingSource, severity: 2 | 3 = 3): Promise<void> => {
    const code = recording.faultCodes[0] ?? '';
    recordings.push(recording);
    await robot.report(code, 'fault_confirmed', severity);
    await robot.store.write([
      {
        sql: `INSERT INTO rosbag_files (fault_code, recording_id, file_path, format, duration_sec, size_bytes, created_at_ns)
              VALUES (?, ?, ?, 'mcap', 9.5, ?, 1774232078250000000)`,
        parameters: [code, recording.id, `/bags/${recording.id}`, recording.octets],
      },
    ]);
    await robot.uplink.log()?.recordEvidence();
  };
  const evidence = async (query = ''): Promise<readonly FleetEvidence[]> =>
    (await hub.fleet('GET', `/evidence${query}`)).json().items;
  return {
    folder,
    hub,
    robot,
    recordings,
    record,
    evidence,
    connect,
    cut: () => uplink?.close(),
    /** Returns the evidence of a fault when it has this state. */
    reached: (code: string, state: FleetEvidence['state'], timeoutMs?: number) =>
      eventually(
        `${state} evidence of ${code}`,
        async () => (await evidence(`?code=${code}&state=${state}`))[0],
        timeoutMs,
      ),
    download: async (id: string, headers: Readonly<Record<string, string>> = {}) => {
      const reply = await fetch(`${hub.url}/api/v1/x-medkit-fleet/evidence/${id}/file`, { headers });
      return { status: reply.status, headers: reply.headers, bytes: new Uint8Array(await reply.arrayBuffer()) };
    },
    close: async () => {
      uplink?.close();
      await robot.close();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type EvidenceRobot = Awaited<ReturnType<typeof evidenceRobot>>;
