/**
 * Presence of a robot, with the words for people and whether its uplink is open. `late`: connected, but its ping is
 * overdue. `expected_offline`: away as announced, by a park, a maintenance window or the quiet hours of its site. `never`
 * was not connected yet.
 */
export const FLEET_PRESENCE = {
  online: { text: 'online', isConnected: true },
  late: { text: 'late', isConnected: true },
  offline: { text: 'offline', isConnected: false },
  expected_offline: { text: 'expected offline', isConnected: false },
  never: { text: 'never', isConnected: false },
} as const;
export type FleetPresence = keyof typeof FLEET_PRESENCE;
export const FLEET_PRESENCES = Object.keys(FLEET_PRESENCE) as FleetPresence[];

/** Returns whether the uplink of a robot with this presence is open. */
export const isRobotConnected = (presence: FleetPresence): boolean => FLEET_PRESENCE[presence].isConnected;
