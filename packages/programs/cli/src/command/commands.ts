import type { Commands } from './command.ts';

/** Every command, in the order of `medkit --help`. */
export const COMMANDS: Commands = {
  up: {
    about: 'join the robot of this network and serve it over REST',
    serves: true,
    load: async () => (await import('../gateway/up.ts')).up,
  },
  island: {
    about: 'serve a runtime that is not ROS, such as a safety controller, as it tells of itself',
    serves: true,
    load: async () => (await import('../gateway/island.ts')).island,
  },
  doctor: {
    about: 'say what is heard of the robot here, what is wrong and what to do about it',
    load: async () => (await import('../doctor/doctor.ts')).doctor,
  },
  apps: {
    about: 'list the apps of the robot, or show one',
    takes: ['app'],
    load: async () => (await import('../entities/list-entities.ts')).apps,
  },
  components: {
    about: 'list the components, or show one with its apps',
    takes: ['component'],
    load: async () => (await import('../entities/list-entities.ts')).components,
  },
  areas: {
    about: 'list the areas, or show one',
    takes: ['area'],
    load: async () => (await import('../entities/list-entities.ts')).areas,
  },
  functions: {
    about: 'list the functions, or show one with its apps',
    takes: ['function'],
    load: async () => (await import('../entities/list-entities.ts')).functions,
  },
  faults: {
    about: 'list what is wrong with the robot or an entity; -f follows it',
    takes: ['entity'],
    load: async () => (await import('../faults/list-faults.ts')).listFaults,
  },
  'faults show': {
    about: 'show a fault with its evidence',
    takes: ['fault', 'entity'],
    load: async () => (await import('../faults/show-fault.ts')).showFault,
  },
  'faults clear': {
    about: 'clear faults by their codes, or all',
    takes: ['fault'],
    load: async () => (await import('../faults/clear-faults.ts')).clearFaults,
  },
  'faults report': {
    about: 'report a fault as a node does, or that it is over',
    takes: ['anything', 'anything'],
    load: async () => (await import('../faults/report-fault.ts')).reportFault,
  },
  why: {
    about: 'tell in about twenty lines what happened to the robot, and what to do next',
    takes: ['incident'],
    load: async () => (await import('../incidents/why.ts')).why,
  },
  incidents: {
    about: 'list what happened, each event once with all faults that came of it',
    load: async () => (await import('../incidents/list-incidents.ts')).listIncidents,
  },
  'incidents show': {
    about: 'show one with its faults, and why each is counted to it',
    takes: ['incident'],
    load: async () => (await import('../incidents/show-incident.ts')).showIncident,
  },
  'incidents ack': {
    about: 'take one on, so that others see that you are at it',
    takes: ['incident'],
    load: async () => (await import('../incidents/change-incident.ts')).acknowledgeIncident,
  },
  'incidents note': {
    about: 'write something down that belongs to one',
    takes: ['incident', 'anything'],
    load: async () => (await import('../incidents/change-incident.ts')).noteIncident,
  },
  'incidents close': {
    about: 'put one away',
    takes: ['incident'],
    load: async () => (await import('../incidents/change-incident.ts')).closeIncident,
  },
  'incidents reopen': {
    about: 'take that back',
    takes: ['incident'],
    load: async () => (await import('../incidents/change-incident.ts')).reopenIncident,
  },
  'incidents merge': {
    about: 'make one of several that were one event',
    takes: ['incident', 'incident'],
    load: async () => (await import('../incidents/regroup-incidents.ts')).mergeIncidents,
  },
  'incidents split': {
    about: 'make one of its own of faults that were another event',
    takes: ['incident', 'fault'],
    load: async () => (await import('../incidents/regroup-incidents.ts')).splitIncident,
  },
  'incidents export': {
    about: 'download everything of one as a zip archive',
    takes: ['incident'],
    load: async () => (await import('../incidents/export-incident.ts')).exportIncident,
  },
  logs: {
    about: 'show what the robot or an entity logged; -f follows it',
    takes: ['entity'],
    load: async () => (await import('../logs/logs.ts')).logs,
  },
  watch: {
    about: 'show the values of a topic as they come',
    takes: ['entity', 'data'],
    load: async () => (await import('../watch/watch.ts')).watch,
  },
  call: {
    about: 'call a service or run an action to its end',
    takes: ['entity', 'operation', 'anything'],
    load: async () => (await import('../operations/call.ts')).call,
  },
  get: {
    about: 'show the parameters of an entity, or one value',
    takes: ['entity', 'configuration'],
    load: async () => (await import('../configurations/configurations.ts')).get,
  },
  set: {
    about: 'set a parameter, or reset it',
    takes: ['entity', 'configuration', 'anything'],
    load: async () => (await import('../configurations/configurations.ts')).set,
  },
  lock: {
    about: 'keep others from changing an entity',
    takes: ['entity'],
    load: async () => (await import('../locks/lock.ts')).lock,
  },
  unlock: {
    about: 'give your lock back',
    takes: ['entity', 'lock'],
    load: async () => (await import('../locks/lock.ts')).unlock,
  },
  status: {
    about: 'show whether an app or component is ready',
    takes: ['entity'],
    load: async () => (await import('../lifecycle/status.ts')).status,
  },
  start: {
    about: 'start an app: configure and activate a managed node',
    takes: ['entity'],
    load: async () => (await import('../lifecycle/transition.ts')).start,
  },
  restart: {
    about: 'restart an app',
    takes: ['entity'],
    load: async () => (await import('../lifecycle/transition.ts')).restart,
  },
  shutdown: {
    about: 'shut an app down',
    takes: ['entity'],
    load: async () => (await import('../lifecycle/transition.ts')).shutdown,
  },
  run: {
    about: 'run a diagnostic script on the robot',
    takes: ['entity', 'script', 'anything'],
    load: async () => (await import('../scripts/run.ts')).run,
  },
  'trigger add': {
    about: 'be told when something of an entity changes',
    takes: ['entity', 'anything'],
    load: async () => (await import('../triggers/add.ts')).addTrigger,
  },
  'trigger list': {
    about: 'list the triggers of the robot or an entity',
    takes: ['entity'],
    load: async () => (await import('../triggers/list.ts')).listTriggers,
  },
  'trigger events': {
    about: 'show the events of a trigger as they come',
    takes: ['entity', 'trigger'],
    load: async () => (await import('../triggers/events.ts')).triggerEvents,
  },
  'trigger test': {
    about: 'try the webhook of a trigger',
    takes: ['entity', 'trigger'],
    load: async () => (await import('../triggers/test-webhook.ts')).testTriggerWebhook,
  },
  'trigger remove': {
    about: 'delete triggers',
    takes: ['entity', 'trigger'],
    load: async () => (await import('../triggers/remove.ts')).removeTrigger,
  },
  notify: {
    about: 'list who is told of incidents, and how that fares',
    load: async () => (await import('../notify/list.ts')).notify,
  },
  'notify list': {
    about: 'the same',
    load: async () => (await import('../notify/list.ts')).listReceivers,
  },
  'notify test': {
    about: 'try out whether those who are told can be',
    takes: ['receiver'],
    load: async () => (await import('../notify/test-receivers.ts')).testReceivers,
  },
  'bag list': {
    about: 'list the recordings of faults',
    takes: ['entity'],
    load: async () => (await import('../recordings/list.ts')).listBags,
  },
  'bag download': {
    about: 'download a recording',
    takes: ['entity', 'recording', 'anything'],
    load: async () => (await import('../recordings/download.ts')).downloadBag,
  },
  'bag info': {
    about: 'show what is in a recording on this machine',
    takes: ['anything'],
    load: async () => (await import('../recordings/info.ts')).bagInfo,
  },
  'bag play': {
    about: 'publish the messages of a recording on the graph',
    takes: ['anything'],
    load: async () => (await import('../recordings/play.ts')).playBag,
  },
  'config explain': {
    about: 'say what medkit makes of a configuration file, and what in it does not count',
    load: async () => (await import('../config/explain.ts')).explain,
  },
  'manifest check': {
    about: 'say what is wrong with a manifest, by rule, file and line',
    load: async () => (await import('../manifest/check.ts')).check,
  },
  'manifest draft': {
    about: 'write a manifest of the robot that a gateway sees, to begin with',
    load: async () => (await import('../manifest/draft.ts')).draft,
  },
  'audit list': {
    about: 'show who changed what, what was refused, and how faults came and went',
    load: async () => (await import('../audit/list.ts')).list,
  },
  'audit verify': {
    about: 'check that the audit log is as it was written',
    load: async () => (await import('../audit/verify.ts')).verify,
  },
  'audit accept': {
    about: 'take the audit log of another gateway as it is now, where it was to begin anew',
    load: async () => (await import('../audit/accept.ts')).acceptLog,
  },
  'update list': {
    about: 'list the updates of the robot, and how each stands',
    load: async () => (await import('../update/list.ts')).listUpdates,
  },
  'update install': {
    about: 'install an update whose artifact lies on the robot',
    takes: ['update'],
    load: async () => (await import('../update/install.ts')).installUpdate,
  },
  'update status': {
    about: 'show how an update stands',
    takes: ['update'],
    load: async () => (await import('../update/list.ts')).updateStatus,
  },
  'update rollback': {
    about: 'go back to an update that was installed before',
    takes: ['update'],
    load: async () => (await import('../update/install.ts')).rollBackUpdate,
  },
  'update pack': {
    about: 'make a folder an update: list its files with their digests, and sign that',
    takes: ['anything'],
    load: async () => (await import('../update/pack.ts')).pack,
  },
  'auth fingerprint': {
    about: 'show the fingerprint of the certificate of a gateway, to compare it',
    load: async () => (await import('../auth/fingerprint.ts')).fingerprint,
  },
  login: {
    about: 'log in to a gateway, for all commands that ask it',
    load: async () => (await import('../auth/login.ts')).login,
  },
  logout: {
    about: 'log out of it again',
    load: async () => (await import('../auth/logout.ts')).logout,
  },
  whoami: {
    about: 'show whom a gateway takes you for, and what you may do',
    load: async () => (await import('../auth/whoami.ts')).whoami,
  },
  'auth init': {
    about: 'make the first user of a gateway, in its data folder',
    load: async () => (await import('../auth/init.ts')).init,
  },
  'auth reset-admin': {
    about: 'let an admin in again who has lost the password, in the data folder',
    takes: ['anything'],
    load: async () => (await import('../auth/reset-admin.ts')).resetAdmin,
  },
  'auth hash': {
    about: 'hash a password for auth.users_file',
    load: async () => (await import('../auth/hash.ts')).hash,
  },
  'auth users': {
    about: 'list the people who may log in',
    load: async () => (await import('../auth/list-users.ts')).listUsers,
  },
  'auth users add': {
    about: 'add one',
    takes: ['anything'],
    load: async () => (await import('../auth/change-users.ts')).addUser,
  },
  'auth users change': {
    about: 'give one another role',
    takes: ['user'],
    load: async () => (await import('../auth/change-users.ts')).changeUser,
  },
  'auth users passwd': {
    about: 'change your password, or give one a new one',
    takes: ['user'],
    load: async () => (await import('../auth/change-users.ts')).changePassword,
  },
  'auth users disable': {
    about: 'let one in no more',
    takes: ['user'],
    load: async () => (await import('../auth/change-users.ts')).disableUser,
  },
  'auth users enable': {
    about: 'take that back',
    takes: ['user'],
    load: async () => (await import('../auth/change-users.ts')).enableUser,
  },
  'auth users remove': {
    about: 'remove one with all keys',
    takes: ['user'],
    load: async () => (await import('../auth/change-users.ts')).removeUser,
  },
  'auth keys': {
    about: 'list the keys that programs log in with',
    load: async () => (await import('../auth/keys.ts')).listKeys,
  },
  'auth keys create': {
    about: 'make one, with the rights that it needs',
    takes: ['anything'],
    load: async () => (await import('../auth/keys.ts')).createKey,
  },
  'auth keys revoke': {
    about: 'let one count no more',
    takes: ['key'],
    load: async () => (await import('../auth/keys.ts')).revokeKey,
  },
  'auth sessions': {
    about: 'list who is logged in at the page',
    load: async () => (await import('../auth/sessions.ts')).listSessions,
  },
  'auth sessions end': {
    about: 'log somebody out there',
    takes: ['session'],
    load: async () => (await import('../auth/sessions.ts')).endSession,
  },
  peers: {
    about: 'list the other gateways that are shown here, and what is wrong with them',
    load: async () => (await import('../peers/list-peers.ts')).listPeers,
  },
  'peers approve': {
    about: 'let a gateway in that was found on the network',
    takes: ['peer'],
    load: async () => (await import('../peers/approve-peer.ts')).approvePeer,
  },
  'peers forget': {
    about: 'take that back',
    takes: ['peer'],
    load: async () => (await import('../peers/approve-peer.ts')).forgetPeer,
  },
  vda5050: {
    about: 'tell a fleet control over VDA 5050 what is wrong with the robot',
    serves: true,
    load: async () => (await import('../vda5050/vda5050.ts')).vda5050,
  },
  'vda5050 explain': {
    about: 'say what a fleet is told of a fault, and why',
    takes: ['fault', 'entity'],
    load: async () => (await import('../vda5050/explain.ts')).explain,
  },
  'vda5050 check': {
    about: 'compare the file of a VDA 5050 agent with the gateway that it names',
    load: async () => (await import('../vda5050/check.ts')).check,
  },
  'vda5050 defaults': {
    about: 'print the rules by which a fleet is told of faults',
    load: async () => (await import('../vda5050/defaults.ts')).defaults,
  },
  plc: {
    about: 'start a simulated PLC that speaks OPC UA, to try the plugin for them',
    serves: true,
    load: async () => (await import('../plc/plc.ts')).plc,
  },
  'opcua certificate': {
    about: 'make the certificate by which PLCs know the OPC UA plugin',
    load: async () => (await import('../opcua/certificate.ts')).certificate,
  },
  'opcua check': {
    about: 'say what a certificate of an OPC UA client lacks',
    takes: ['anything'],
    load: async () => (await import('../opcua/check.ts')).check,
  },
  demo: {
    about: 'start a simulated robot and a gateway to it',
    serves: true,
    load: async () => (await import('../demo/demo.ts')).demo,
  },
  'demo inject': {
    about: 'let something go wrong with the running demo: obstacle, battery, node-death, mute-node, overpressure',
    load: async () => (await import('../demo/scenario-command.ts')).injectScenario,
  },
  'demo clear': {
    about: 'put it right again: obstacle, battery, node-death, mute-node, overpressure or all',
    load: async () => (await import('../demo/scenario-command.ts')).clearScenario,
  },
  'demo status': {
    about: 'show what is wrong with the running demo',
    load: async () => (await import('../demo/scenario-command.ts')).demoStatus,
  },
  'demo webhooks': {
    about: 'show what the gateway has delivered to the receiver of the running demo',
    load: async () => (await import('../demo/scenario-command.ts')).demoWebhooks,
  },
  'demo fleet': {
    about: 'show what the fleet control of the running demo sees',
    load: async () => (await import('../demo/fleet-command.ts')).demoFleet,
  },
  completion: {
    about: 'complete all of this in bash, zsh or fish',
    takes: ['shell'],
    load: async () => (await import('../completion/completion.ts')).completionOf(COMMANDS),
  },
};
