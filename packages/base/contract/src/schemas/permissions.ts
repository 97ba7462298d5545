/**
 * Permissions of a principal, each with the access that it grants. Every route needs exactly one. The contract does not
 * define which role has which permission.
 */
export const PERMISSIONS = {
  self: 'Read your identity, and manage your keys, sessions and password',
  read: 'Read entities and their data, faults, logs, operations, configurations, status, locks and documents',
  metrics: 'Read the metrics of the gateway',
  'files.read': 'Download files: a recording or a core dump can contain personal data',
  'files.write': 'Upload and delete files',
  'faults.clear': 'Clear faults',
  incidents: 'Acknowledge, annotate, close, merge and split incidents',
  'operations.run': 'Execute operations and control their executions',
  'data.write': 'Write data',
  locks: 'Acquire locks; extend and release your locks',
  'locks.break': 'End the lock of another client',
  subscriptions: 'Create cyclic subscriptions and triggers; change and delete your own',
  'subscriptions.manage': 'Change and delete cyclic subscriptions and triggers of other clients',
  'status.start': 'Start and restart entities',
  'status.stop': 'Shut down entities, and force a restart or shutdown',
  'configurations.write': 'Set and reset configurations, including those of logs and faults',
  'scripts.run': 'Run scripts and control their executions',
  'scripts.write': 'Upload and delete scripts: their code runs on the robot',
  updates: 'Register, prepare, execute and delete updates',
  webhooks: 'See the contents and targets of webhook deliveries, test receivers, and deliver again',
  peers: 'Approve other gateways that were found on the network, and revoke the approval',
  'audit.read': 'Read the audit log',
  'audit.verify': 'Verify the audit log',
  'audit.accept': 'Accept the audit log of another gateway after it was recreated',
  uplink: 'Read the uplink log and acknowledge its records: needed by a fleet hub',
  'uplink.budget': 'Request data of a robot through a fleet hub beyond the data budget of the robot',
  'fleet.read': 'See the robots of the fleet, their versions and their faults',
  'fleet.enrol': 'Invite robots into the fleet, approve and replace them',
  'fleet.manage': 'Change, revoke and retire robots of the fleet, and end their quarantine',
  'campaigns.write': 'Create campaigns, which change many robots of the fleet in waves',
  'campaigns.approve': 'Approve the waves of a campaign',
  'campaigns.stop': 'Stop, roll back and cancel campaigns',
  accounts: 'Manage users, and the keys and sessions of other users; read the settings of the gateway',
  impersonate:
    'Act on behalf of other principals, limited to their permissions: needed by a gateway that shows this gateway',
  plugins: 'Change something over a route of a plugin that declares no other permission',
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** The permission that a route needs; `public` routes are open to all because they reveal nothing about the robot. */
export type Need = Permission | 'public';
