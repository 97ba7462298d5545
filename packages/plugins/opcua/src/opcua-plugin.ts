import { join, resolve } from 'node:path';
import { quotaBlock } from '@medkit/core';
import type { Files, WritableFiles } from '@medkit/edges';
import { systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { openPlcLink } from '@medkit/opcua';
import { definePlugin, PLUGIN_API_VERSION, type PluginContext, type PluginParts } from '@medkit/plugin';
import Type from 'typebox';
import { FaultReports } from './faults/fault-reports.ts';
import { LeftoverFaults } from './faults/leftover-faults.ts';
import { readOpcuaOptions } from './options/opcua-options.ts';
import { type OpenLink, openPlcs } from './plc/open-plcs.ts';
import type { Plc } from './plc/plc.ts';
import { plcContribution } from './plc/plc-contribution.ts';
import { NO_BRIDGE, openTopicBridge } from './ros/topic-bridge.ts';
import { plcData } from './serving/plc-data.ts';
import { plcLifecycle } from './serving/plc-lifecycle.ts';
import { plcOperations } from './serving/plc-operations.ts';
import { plcRoutes } from './serving/plc-routes.ts';

/** What the plugin needs from the machine. */
export interface OpcuaMachine {
  readonly openLink: OpenLink;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * PLCs with an OPC UA server as entities of the robot: values become data, methods become operations, alarms become
 * faults.
 */
export function opcuaPlugin(machine: OpcuaMachine) {
  return definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'opcua',
    // Validated in code: names and defaults are those of ros2_medkit, and each of several PLCs has all of them.
    options: Type.Record(Type.String(), Type.Unknown()),
    setup: (context) => setUp(context, machine),
  });
}

/** The plugin for this machine. */
export const plugin = opcuaPlugin({
  openLink: (options) => openPlcLink({ ...options, random: systemRandom }),
  files: { ...systemFiles, ...systemWritableFiles },
  environment: process.env,
});

async function setUp(
  context: PluginContext<Record<string, unknown>>,
  { openLink, files, environment }: OpcuaMachine,
): Promise<PluginParts> {
  const { clock, log, folder, ros } = context;
  const { plcs: configured, warnings } = readOpcuaOptions(context.options, environment);
  const reports = new FaultReports({ context, clock, log });
  const leftovers = new LeftoverFaults({ context, reports });
  const reportConnection = async (plc: Plc, problem: string | undefined): Promise<void> => {
    const message = problem === undefined ? `Connected to ${plc.serverName} at ${plc.options.endpointUrl}` : problem;
    try {
      await context.record(plc.component.id, { severity: problem === undefined ? 'info' : 'error', message });
    } catch {
      // While the gateway starts, the entity does not exist yet; the operator's log then is the only record.
      log('info', message);
    }
  };
  const { plcs, warnings: mapWarnings } = await openPlcs({
    configured,
    files,
    folder: folder === undefined ? undefined : resolve(folder),
    refusedPath: folder === undefined ? undefined : join(resolve(folder), 'refused'),
    openLink,
    clock,
    log,
    onSignal: (signal) => reports.send(signal),
    onChange: (plc) => {
      context.changed();
      void bridge.cover(plc);
    },
    onConnection: (plc, problem) => void reportConnection(plc, problem),
    onSettled: (plc) => void leftovers.clear(plc),
    onValues: (plc, values) => bridge.take(plc, values),
  });
  // Opened only when there are PLCs to publish: otherwise nothing would close it.
  const bridge = ros ? await openTopicBridge(ros, log) : NO_BRIDGE;
  for (const warning of [...warnings, ...mapWarnings]) log('warn', warning);
  for (const plc of plcs) {
    await bridge.cover(plc);
    plc.start();
  }
  return {
    contribution: async () => ({ entities: plcContribution(plcs) }),
    providers: {
      data: plcData({ plcs, clock, isPublished: (plc, node) => bridge.isPublished(plc, node) }),
      operations: plcOperations(plcs),
      lifecycle: plcLifecycle(plcs),
    },
    routes: plcRoutes(plcs, clock),
    health: async () => ({
      warnings: [
        ...[...warnings, ...mapWarnings].map((message) => ({ code: 'opcua_option', message })),
        ...plcs.flatMap(disconnected),
        ...plcs.flatMap(unusedNodes),
      ],
      blocks: {
        'x-medkit-opcua': { plcs: plcs.map(summary), lost_fault_reports: reports.lost },
        ...quotaBlock({ plc_fault_reports: reports.quota }),
      },
    }),
    stop: async () => {
      reports.stop();
      leftovers.stop();
      await Promise.all(plcs.map((plc) => plc.stop()));
      await bridge.close();
    },
  };
}

function disconnected(plc: Plc) {
  const { problem } = plc;
  if (problem === undefined) return [];
  const message = `No connection to PLC ${plc.component.name} at ${plc.options.endpointUrl}: ${problem}`;
  return [{ code: 'plc_disconnected', message, entityIds: [plc.component.id] }];
}

function unusedNodes({ component, namespaceProblem }: Plc) {
  if (namespaceProblem === undefined) return [];
  return [{ code: 'plc_namespaces', message: `PLC ${component.name}: ${namespaceProblem}`, entityIds: [component.id] }];
}

function summary(plc: Plc) {
  return {
    component_id: plc.component.id,
    endpoint_url: plc.options.endpointUrl,
    connected: plc.isConnected,
    failed_attempts: plc.connection.failedAttempts,
    nodes: plc.nodes.length,
    active_faults: plc.activeCodes.length,
  };
}
