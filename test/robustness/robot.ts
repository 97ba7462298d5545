import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '@medkit/core';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import type { EvidenceSources, FaultConfiguration, OpenFaultManager } from '@medkit/faults';
import { auditFile } from '../../packages/gateway/src/audit/audit-file.ts';
import { auditLimits } from '../../packages/gateway/src/audit/audit-location.ts';
import { type FaultDocuments, readFaultDocuments } from '../../packages/gateway/src/config/fault-documents.ts';
import { auditLogLocation } from '../../packages/gateway/src/config/fault-paths.ts';
import { openFaults } from '../../packages/gateway/src/faults/open-faults.ts';
import type { GatewayUplink } from '../../packages/gateway/src/uplink/gateway-uplink.ts';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';

/** Returns the files of a robot in its folder. */
export const filesOf = (folder: string) => ({
  faults: join(folder, 'faults.db'),
  audit: join(folder, 'fault_audit.db'),
  recordings: join(folder, 'recordings'),
});

export interface RobotOptions {
  readonly parameters?: Partial<FaultConfiguration>;
  /** Thresholds by prefix of the source. */
  readonly thresholds?: Readonly<Record<string, object>>;
  readonly sources?: EvidenceSources;
  readonly clock?: typeof systemClock;
  /** Records fault events for a hub. */
  readonly uplink?: GatewayUplink;
  /** Receives messages for the operator (default: discarded). */
  readonly log?: (text: string) => void;
}

/** Sources without any messages. */
const SILENCE: EvidenceSources = {
  sampler: {
    watch: () => undefined,
    held: () => undefined,
    sample: async () => undefined,
    publishedBy: () => undefined,
    resolveTopics: () => undefined,
    decode: async () => undefined,
  },
  taps: {
    topics: () => [],
    onTopicsChange: () => () => undefined,
    tap: () => {
      throw new Error('nothing is published');
    },
    topicsOf: () => undefined,
  },
  logs: { between: () => [] },
};

/** Opens the fault manager of a robot with data in `folder`, the way the gateway does. */
export async function openRobot(
  folder: string,
  options: RobotOptions = {},
): Promise<OpenFaultManager & AsyncDisposable> {
  const { parameters = {}, thresholds = {}, sources = SILENCE, clock = systemClock, log = () => undefined } = options;
  const documents = await documentsOf(parameters, thresholds);
  const { configuration } = documents;
  const operatorLog: Log = (level, message) => log(`${level}: ${message}`);
  const audit = auditFile({
    place: async () => ({
      ...auditLogLocation(documents, folder),
      limits: auditLimits(configuration['audit_log.retention_max_records'], { max_requests: 0, max_observed: 0 }),
    }),
    files: systemFiles,
    clock,
    log: operatorLog,
  });
  const opened = await openFaults({
    ...(options.uplink && { uplink: options.uplink }),
    documents,
    sources,
    dataFolder: folder,
    files: { ...systemFiles, ...systemWritableFiles },
    audit,
    clock,
    log: operatorLog,
  });
  const close = async () => {
    await opened.close();
    await audit.close();
  };
  return { ...opened, close, [Symbol.asyncDispose]: close };
}

async function documentsOf(parameters: object, thresholds: object): Promise<FaultDocuments> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'faults.yaml');
  const ros__parameters = { 'entity_thresholds.config_file': 'thresholds.yaml', ...parameters };
  // JSON is valid YAML.
  writeFileSync(join(folder.path, 'thresholds.yaml'), JSON.stringify(thresholds));
  writeFileSync(file, JSON.stringify({ fault_manager: { ros__parameters } }));
  return await readFaultDocuments(systemFiles, file);
}
