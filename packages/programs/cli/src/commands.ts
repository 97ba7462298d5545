import { ACCOUNT_COMMANDS } from './auth/commands.ts';
import type { CommandGroup, Commands } from './command/command.ts';
import { FLEET_COMMANDS } from './fleet/commands.ts';
import { INCIDENT_COMMANDS } from './incidents/commands.ts';
import { TRIGGER_COMMANDS } from './triggers/commands.ts';

/** Commands by task, in the order of `medkit --help`. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Run a gateway or a demo',
    commands: {
      up: {
        about: 'Start the gateway on the ROS 2 network of this machine and serve it over REST',
        serves: true,
        load: async () => (await import('./gateway/up.ts')).up,
      },
      island: {
        about: 'Start a gateway for a runtime without ROS 2, such as a safety controller',
        serves: true,
        load: async () => (await import('./gateway/island.ts')).island,
      },
      hub: {
        about: 'Start a fleet hub, to which robots connect from behind NAT',
        serves: true,
        load: async () => (await import('./gateway/hub.ts')).hub,
      },
      'hub tenants': {
        about: 'List the tenants of a fleet hub with their host names and robots',
        load: async () => (await import('./gateway/hub-tenants.ts')).hubTenants,
      },
      'hub check': {
        about: 'Examine the database, the evidence store, the secret and the address of a fleet hub',
        load: async () => (await import('./gateway/hub-check.ts')).hubCheck,
      },
      'hub import': {
        about: 'Copy the record of a fleet hub from its files into PostgreSQL',
        load: async () => (await import('./gateway/hub-import.ts')).hubImport,
      },
      'hub backup': {
        about: 'Copy the databases of a fleet hub, also while it runs',
        load: async () => (await import('./gateway/hub-backup.ts')).hubBackup,
      },
      demo: {
        about: 'Start a simulated robot with its gateway, to try medkit without a robot',
        serves: true,
        load: async () => (await import('./demo/demo.ts')).demo,
      },
      'demo hub': {
        about: 'Start a fleet hub with simulated robots that connect to it',
        serves: true,
        load: async () => (await import('./demo/demo-hub.ts')).demoHub,
      },
      'demo inject': {
        about: 'Cause a failure in the running demo: obstacle, battery, node-death, mute-node, overpressure',
        load: async () => (await import('./demo/scenario-command.ts')).injectScenario,
      },
      'demo clear': {
        about: 'End a failure of the running demo: obstacle, battery, node-death, mute-node, overpressure or all',
        load: async () => (await import('./demo/scenario-command.ts')).clearScenario,
      },
      'demo status': {
        about: 'List the failures that are active in the running demo',
        load: async () => (await import('./demo/scenario-command.ts')).demoStatus,
      },
      'demo webhooks': {
        about: 'List the webhook deliveries that the running demo has received',
        load: async () => (await import('./demo/scenario-command.ts')).demoWebhooks,
      },
      'demo fleet': {
        about: 'Show what the fleet control of the running demo sees: robots, errors, closed lanes',
        load: async () => (await import('./demo/fleet-command.ts')).demoFleet,
      },
      plc: {
        about: 'Start a simulated OPC UA PLC, to try the OPC UA plugin',
        serves: true,
        load: async () => (await import('./plc/plc.ts')).plc,
      },
    },
  },
  {
    title: 'Inspect',
    commands: {
      doctor: {
        about: 'Check discovery, network, gateway and robot, and suggest a fix for each problem',
        load: async () => (await import('./doctor/doctor.ts')).doctor,
      },
      apps: {
        about: 'List the apps of the robot, or show one app',
        takes: ['app'],
        load: async () => (await import('./entities/list-entities.ts')).apps,
      },
      components: {
        about: 'List the components of the robot, or show one component with its apps',
        takes: ['component'],
        load: async () => (await import('./entities/list-entities.ts')).components,
      },
      areas: {
        about: 'List the areas of the robot, or show one area',
        takes: ['area'],
        load: async () => (await import('./entities/list-entities.ts')).areas,
      },
      functions: {
        about: 'List the functions of the robot, or show one function with its apps',
        takes: ['function'],
        load: async () => (await import('./entities/list-entities.ts')).functions,
      },
      status: {
        about: 'Show whether an app or component is ready, and which transitions it accepts',
        takes: ['entity'],
        load: async () => (await import('./lifecycle/status.ts')).status,
      },
      logs: {
        about: 'Show log entries of the robot or of one entity; -f follows new entries',
        takes: ['entity'],
        load: async () => (await import('./logs/logs.ts')).logs,
      },
      watch: {
        about: 'Print the values of a topic as they arrive',
        takes: ['entity', 'data'],
        load: async () => (await import('./watch/watch.ts')).watch,
      },
      get: {
        about: 'Show the parameters of an entity, or the value of one parameter',
        takes: ['entity', 'configuration'],
        load: async () => (await import('./configurations/configurations.ts')).get,
      },
    },
  },
  {
    title: 'Operate',
    commands: {
      set: {
        about: 'Set a parameter, or reset it to its initial value',
        takes: ['entity', 'configuration', 'anything'],
        load: async () => (await import('./configurations/configurations.ts')).set,
      },
      call: {
        about: 'Call a service, or run an action and wait for its result',
        takes: ['entity', 'operation', 'anything'],
        load: async () => (await import('./operations/call.ts')).call,
      },
      start: {
        about: 'Start an app: configure and activate a managed node',
        takes: ['entity'],
        load: async () => (await import('./lifecycle/transition.ts')).start,
      },
      restart: {
        about: 'Restart an app: shut a managed node down and start it again',
        takes: ['entity'],
        load: async () => (await import('./lifecycle/transition.ts')).restart,
      },
      shutdown: {
        about: 'Shut an app down: deactivate and clean up a managed node',
        takes: ['entity'],
        load: async () => (await import('./lifecycle/transition.ts')).shutdown,
      },
      run: {
        about: 'Run a diagnostic script on the robot',
        takes: ['entity', 'script', 'anything'],
        load: async () => (await import('./scripts/run.ts')).run,
      },
      lock: {
        about: 'Lock an entity, so that other clients cannot change it',
        takes: ['entity'],
        load: async () => (await import('./locks/lock.ts')).lock,
      },
      unlock: {
        about: 'Release your locks on an entity',
        takes: ['entity', 'lock'],
        load: async () => (await import('./locks/lock.ts')).unlock,
      },
    },
  },
  {
    title: 'Faults and incidents',
    commands: {
      faults: {
        about: 'List faults of the robot or of one entity; -f follows changes',
        takes: ['entity'],
        load: async () => (await import('./faults/list-faults.ts')).listFaults,
      },
      'faults show': {
        about: 'Show a fault with its evidence: snapshots, logs and recordings',
        takes: ['fault', 'entity'],
        load: async () => (await import('./faults/show-fault.ts')).showFault,
      },
      'faults clear': {
        about: 'Clear faults by code, or all faults',
        takes: ['fault'],
        load: async () => (await import('./faults/clear-faults.ts')).clearFaults,
      },
      'faults report': {
        about: 'Report a fault to the fault manager, or report that it has passed',
        takes: ['anything', 'anything'],
        load: async () => (await import('./faults/report-fault.ts')).reportFault,
      },
      replay: {
        about: 'Show what changed rules would have done with recorded reports of faults, or with recordings',
        load: async () => (await import('./replay/replay.ts')).replay,
      },
      ...INCIDENT_COMMANDS,
      ...TRIGGER_COMMANDS,
      notify: {
        about: 'List the receivers of incident notifications with their delivery state',
        load: async () => (await import('./notify/list.ts')).notify,
      },
      'notify list': {
        about: 'List the receivers of incident notifications with their delivery state',
        load: async () => (await import('./notify/list.ts')).listReceivers,
      },
      'notify test': {
        about: 'Send a test notification to one receiver or to all',
        takes: ['receiver'],
        load: async () => (await import('./notify/test-receivers.ts')).testReceivers,
      },
      'bag list': {
        about: 'List the recordings that were made for faults',
        takes: ['entity'],
        load: async () => (await import('./recordings/list.ts')).listBags,
      },
      'bag download': {
        about: 'Download a recording',
        takes: ['entity', 'recording', 'anything'],
        load: async () => (await import('./recordings/download.ts')).downloadBag,
      },
      'bag info': {
        about: 'Show the topics and the duration of a local recording',
        takes: ['anything'],
        load: async () => (await import('./recordings/info.ts')).bagInfo,
      },
      'bag play': {
        about: 'Publish the messages of a local recording on a ROS 2 network',
        takes: ['anything'],
        load: async () => (await import('./recordings/play.ts')).playBag,
      },
    },
  },
  {
    title: 'Fleet and accounts',
    commands: {
      ...FLEET_COMMANDS,
      ...ACCOUNT_COMMANDS,
      enrol: {
        about: 'Enrol this robot at a fleet hub, with the link of an invitation',
        takes: ['anything'],
        load: async () => (await import('./uplink/enrol.ts')).enrol,
      },
      uplink: {
        about: 'Show the connection of the robot to its fleet hub',
        load: async () => (await import('./uplink/show-uplink.ts')).showUplink,
      },
      peers: {
        about: 'List the other gateways that this gateway aggregates, with their state',
        load: async () => (await import('./peers/list-peers.ts')).listPeers,
      },
      'peers approve': {
        about: 'Approve a gateway that was discovered on the network',
        takes: ['peer'],
        load: async () => (await import('./peers/approve-peer.ts')).approvePeer,
      },
      'peers forget': {
        about: 'Revoke the approval of a discovered gateway',
        takes: ['peer'],
        load: async () => (await import('./peers/approve-peer.ts')).forgetPeer,
      },
      vda5050: {
        about: 'Start the VDA 5050 agent, which reports faults of the robot to a fleet control',
        serves: true,
        load: async () => (await import('./vda5050/vda5050.ts')).vda5050,
      },
      'vda5050 explain': {
        about: 'Explain what the VDA 5050 agent reports for a fault, and why',
        takes: ['fault', 'entity'],
        load: async () => (await import('./vda5050/explain.ts')).explain,
      },
      'vda5050 check': {
        about: 'Check the file of a VDA 5050 agent against its gateway',
        load: async () => (await import('./vda5050/check.ts')).check,
      },
      'vda5050 defaults': {
        about: 'Print the default rules by which the VDA 5050 agent reports faults',
        load: async () => (await import('./vda5050/defaults.ts')).defaults,
      },
    },
  },
  {
    title: 'Data and maintenance',
    commands: {
      'config explain': {
        about: 'Show the effective settings of a configuration file, and the entries that have no effect',
        load: async () => (await import('./config/explain.ts')).explain,
      },
      'manifest check': {
        about: 'Check a manifest, and report each problem with rule, file and line',
        load: async () => (await import('./manifest/check.ts')).check,
      },
      'manifest draft': {
        about: 'Generate a manifest from the robot that a gateway sees',
        load: async () => (await import('./manifest/draft.ts')).draft,
      },
      'audit list': {
        about: 'List audit records: changes, refused requests and fault transitions',
        load: async () => (await import('./audit/list.ts')).list,
      },
      'audit verify': {
        about: 'Verify that the audit log was not tampered with',
        load: async () => (await import('./audit/verify.ts')).verify,
      },
      'audit accept': {
        about: 'Accept the rewritten audit log of another gateway as the new baseline',
        load: async () => (await import('./audit/accept.ts')).acceptLog,
      },
      'update list': {
        about: 'List the software updates of the robot with their status',
        load: async () => (await import('./update/list.ts')).listUpdates,
      },
      'update upload': {
        about: 'Send an update that `update pack` created to the robot',
        takes: ['anything'],
        load: async () => (await import('./update/upload.ts')).uploadUpdate,
      },
      'update install': {
        about: 'Install a software update that is stored on the robot',
        takes: ['update'],
        load: async () => (await import('./update/install.ts')).installUpdate,
      },
      'update status': {
        about: 'Show the status of a software update',
        takes: ['update'],
        load: async () => (await import('./update/list.ts')).updateStatus,
      },
      'update confirm': {
        about: 'Keep a software update that waits for its confirmation',
        takes: ['update'],
        load: async () => (await import('./update/install.ts')).confirmUpdate,
      },
      'update rollback': {
        about: 'Roll back to a release that was installed before',
        takes: ['update'],
        load: async () => (await import('./update/install.ts')).rollBackUpdate,
      },
      'update pack': {
        about: 'Create an update from a folder: write the file list with digests and sign it',
        takes: ['anything'],
        load: async () => (await import('./update/pack.ts')).pack,
      },
      'opcua certificate': {
        about: 'Create the client certificate of the OPC UA plugin',
        load: async () => (await import('./opcua/certificate.ts')).certificate,
      },
      'opcua check': {
        about: 'Check an OPC UA client certificate against OPC 10000-6, 6.2.2',
        takes: ['anything'],
        load: async () => (await import('./opcua/check.ts')).check,
      },
      completion: {
        about: 'Print the completion script for bash, zsh or fish',
        takes: ['shell'],
        load: async () => (await import('./completion/completion.ts')).completionOf(COMMANDS),
      },
    },
  },
];

/** Every command by name. */
export const COMMANDS: Commands = Object.assign({}, ...COMMAND_GROUPS.map(({ commands }) => commands));
