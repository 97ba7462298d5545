import { PERMISSIONS, type Permission } from '@medkit/contract';

/** Roles by name with their permissions. Every role also has `self`, which is not repeated. */
export type RoleTable = Readonly<Record<'viewer' | 'operator' | 'configurator' | 'admin', readonly Permission[]>>;

const EVERYTHING = Object.keys(PERMISSIONS) as Permission[];

/** A viewer may also subscribe to values and conditions, which a page that shows the robot needs. */
const VIEWER: readonly Permission[] = ['read', 'metrics', 'files.read', 'subscriptions', 'fleet.read'];
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
  'campaigns.stop',
];
/** Only an admin may upload scripts, because they are code that runs on the robot. */
const CONFIGURATOR: readonly Permission[] = [
  ...OPERATOR,
  'status.stop',
  'configurations.write',
  'updates',
  'audit.read',
  'uplink.budget',
  'fleet.enrol',
  'campaigns.write',
];

export const BUILT_IN_ROLES: RoleTable = {
  viewer: VIEWER,
  operator: OPERATOR,
  configurator: CONFIGURATOR,
  admin: EVERYTHING,
};

const REFERENCE_VIEWER: readonly Permission[] = ['read', 'metrics', 'files.read', 'fleet.read'];
/**
 * These roles differ from ros2_medkit in three details. Its operators may create cyclic subscriptions but no triggers;
 * here one permission covers both. Its operators may `force-restart`, which here requires the permission to shut down.
 * Its viewers cannot see triggers.
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
  'campaigns.stop',
];

/** The roles of ros2_medkit, as closely as these permissions can express them. */
export const REFERENCE_ROLES: RoleTable = {
  viewer: REFERENCE_VIEWER,
  operator: REFERENCE_OPERATOR,
  configurator: [
    ...REFERENCE_OPERATOR,
    'configurations.write',
    'scripts.write',
    'status.stop',
    'updates',
    'uplink.budget',
    'fleet.enrol',
    'campaigns.write',
  ],
  admin: EVERYTHING,
};
