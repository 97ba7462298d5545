import type { App } from '@medkit/core';
import { definePlugin, PLUGIN_API_VERSION, type Plugin, type PluginContext, type PluginParts } from '@medkit/plugin';
import { linuxLifecycle } from './control/lifecycle.ts';
import { ProcessControl } from './control/process-control.ts';
import { unitControl } from './control/unit-control.ts';
import { ContributedApps } from './entities/contributed-apps.ts';
import { processData } from './entities/process-data.ts';
import { container } from './introspection/container.ts';
import type { Introspection } from './introspection/introspection.ts';
import { introspectionRoutes } from './introspection/introspection-routes.ts';
import { procfs } from './introspection/procfs.ts';
import { systemd } from './introspection/systemd.ts';
import { LinuxOptions, rootOf, type SectionName, sectionsOf, ttlMsOf } from './linux-options.ts';
import { type Machine, thisMachine } from './machine.ts';
import { procFolder } from './proc/proc-folder.ts';
import { CpuMeter } from './processes/cpu-meter.ts';
import { namePatterns } from './processes/name-pattern.ts';
import { Processes } from './processes/processes.ts';
import { Survey } from './survey.ts';
import { UnitStates } from './systemd/unit-states.ts';

/** Creates the plugin for a machine. */
export function linuxPlugin(machine: Machine): Plugin<typeof LinuxOptions> {
  return definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'linux',
    options: LinuxOptions,
    setup: (context) => setUp(machine, context),
  });
}

/** The plugin for this machine. */
export const plugin = linuxPlugin(thisMachine);

async function setUp(machine: Machine, context: PluginContext<LinuxOptions>): Promise<PluginParts> {
  const { clock, options } = context;
  const { control } = options;
  const proc = procFolder({ ...machine, root: rootOf(options) });
  const meter = new CpuMeter();
  const facts = { proc, meter, clock };
  const units = new UnitStates({ programs: machine.programs, clock });
  const sections: Readonly<Record<SectionName, () => Introspection>> = {
    procfs: () => procfs(facts),
    systemd: () => systemd({ proc, units }),
    container: () => container(proc),
  };
  const introspections = sectionsOf(context.name, options).map((name) => sections[name]());

  const processes = new Processes({ proc, meter, context, ttlMs: ttlMsOf(options) });
  const choice = { names: [...options.processes, ...control.processes], top: options.top_processes };
  const contributed = new ContributedApps({ choice, units: control.units, unitStates: units });
  const endings = new ProcessControl({
    proc,
    signals: machine.signals,
    clock,
    gatewayProcessIds: machine.gatewayProcessIds,
    stopTimeoutMs: control.stop_timeout_seconds * 1000,
    isAllowed: namePatterns(control.processes),
  });
  const survey = new Survey({
    context,
    proc,
    processes,
    contributed,
    introspections,
    periodMs: ttlMsOf(options),
    component: options.component,
    looked: () => endings.keep((process) => contributed.has(process)),
  });
  const apps = async (): Promise<readonly App[]> => (await context.entities()).apps;
  const sources = {
    app: async (id: string) => (await apps()).find((app) => app.id === id || app.aliases?.includes(id)),
    appsOn: async (componentId: string) => (await apps()).filter((app) => app.componentId === componentId),
    processOf: (app: App) => survey.processOf(app),
  };
  await survey.start();
  return {
    contribution: async () => survey.contribution,
    routes: introspections.flatMap((introspection) => introspectionRoutes(introspection, sources)),
    providers: {
      data: processData({ ...facts, processOf: (id) => contributed.processOf(id) }),
      lifecycle: linuxLifecycle({
        apps: contributed,
        processes: endings,
        units: unitControl({ units, programs: machine.programs }),
      }),
    },
    health: async () => ({ warnings: survey.warnings, blocks: { [`x-medkit-${context.name}`]: survey.facts } }),
    stop: async () => {
      survey.stop();
      endings.stop();
    },
  };
}
