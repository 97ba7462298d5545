/**
 * Permissions of a principal, each with the access that it grants. Every route needs exactly one. The contract does not
 * define which role has which permission.
 */
export const PERMISSIONS = {
  self: 'See who it is itself, and manage its own keys, sessions and password',
  read: 'See entities and all that is told of them: data, faults, logs, operations, configurations, status, locks, documents',
  'files.read': 'Download files: a recording or a core dump may hold personal data',
  'files.write': 'Upload and delete files',
  'faults.clear': 'Clear faults',
  incidents: 'Take incidents on, note something of them, put them away, merge and split them',
  'operations.run': 'Run operations, and control their executions',
  'data.write': 'Write data',
  locks: 'Acquire locks, extend and release its own',
  'locks.break': 'End the lock of another client',
  subscriptions: 'Make cyclic subscriptions and triggers, change and delete its own',
  'subscriptions.manage': 'Change and delete the cyclic subscriptions and triggers of others',
  'status.start': 'Start and restart',
  'status.stop': 'Shut down, and force a restart or a shutdown',
  'configurations.write': 'Set and reset configurations, of logs and of faults as well',
  'scripts.run': 'Run scripts, and control their executions',
  'scripts.write': 'Upload and delete scripts: their code runs on the robot',
  updates: 'Register, prepare, execute and delete updates',
  webhooks: 'See what webhooks deliver and where, test them and deliver again',
  peers: 'Let other gateways in that were found on the network, and no more',
  'audit.read': 'Read the audit log',
  'audit.verify': 'Verify the audit log',
  'audit.accept': 'Take the audit log of another gateway as it is now, where it was written anew',
  accounts: 'Manage users, and the keys and sessions of others',
  impersonate: 'Ask for others, with no more than those may: what a gateway needs that shows this one',
  plugins: 'Change something over a route of a plugin that names no other permission',
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** The permission that a route needs; `public` routes are open to all because they reveal nothing about the robot. */
export type Need = Permission | 'public';
