import { PERMISSIONS, type Permission } from '@medkit/contract';

/** Roles by name, each with all that it allows; `self` is everybody's, and not repeated. */
export type RoleTable = Readonly<Record<'viewer' | 'operator' | 'configurator' | 'admin', readonly Permission[]>>;

const EVERYTHING = Object.keys(PERMISSIONS) as Permission[];

/** A viewer follows values and conditions as well: a page that shows the robot has to. */
const VIEWER: readonly Permission[] = ['read', 'files.read', 'subscriptions'];
const OPERATOR: readonly Permission[] = [
  ...VIEWER,
  'faults.clear',
  'incidents',
  'operations.run',
  'data.write',
  'locks',
  'files.write',
  'status.start',
  'scripts.run',
];
/** To upload a script is the admin's: it is code that runs on the robot. */
const CONFIGURATOR: readonly Permission[] = [
  ...OPERATOR,
  'status.stop',
  'configurations.write',
  'updates',
  'audit.read',
];

export const BUILT_IN_ROLES: RoleTable = {
  viewer: VIEWER,
  operator: OPERATOR,
  configurator: CONFIGURATOR,
  admin: EVERYTHING,
};

const REFERENCE_VIEWER: readonly Permission[] = ['read', 'files.read'];
/**
 * Three things of ros2_medkit cannot be told apart here: its operators make cyclic subscriptions but no triggers, and one
 * permission is for both; they may `force-restart`, which goes with shutting down; and its viewers see nothing of triggers.
 */
const REFERENCE_OPERATOR: readonly Permission[] = [
  ...REFERENCE_VIEWER,
  'faults.clear',
  'incidents',
  'operations.run',
  'data.write',
  'locks',
  'subscriptions',
  'files.write',
  'scripts.run',
  'status.start',
];

/** The roles of ros2_medkit, as far as our permissions tell apart what its paths do. */
export const REFERENCE_ROLES: RoleTable = {
  viewer: REFERENCE_VIEWER,
  operator: REFERENCE_OPERATOR,
  configurator: [...REFERENCE_OPERATOR, 'configurations.write', 'scripts.write', 'status.stop', 'updates'],
  admin: EVERYTHING,
};
