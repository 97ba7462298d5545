import type { Statement } from '@medkit/store';

/**
 * What a person should look at. `uplink_hole`: records are missing without a reason. `uplink_chain`: a record is invalid
 * or its hash does not match. `uplink_went_back`: the robot's disk is an older copy. `hub_went_back`: the hub's database
 * is an older copy. `cloned`: two disks use one key. `uplink_lost`: the robot removed records before they were read.
 * `uplink_throttled`: the robot sends more than the hub reads from one robot. `uplink_outdated`: the robot speaks old
 * versions of the uplink only. `audit_rewritten`: the robot reports that its audit log was changed.
 */
export type ProblemCode =
  | 'uplink_hole'
  | 'uplink_chain'
  | 'uplink_went_back'
  | 'hub_went_back'
  | 'uplink_lost'
  | 'uplink_throttled'
  | 'uplink_outdated'
  | 'audit_rewritten'
  | 'cloned';

/** Returns the statement that notes a problem; a problem that exists keeps its time and gets the new message. */
export const noteProblem = (robot: number, code: ProblemCode, message: string, atMs: number): Statement => ({
  sql: `INSERT INTO fleet_problems (robot, code, message, since_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (robot, code) DO UPDATE SET message = excluded.message`,
  parameters: [robot, code, message, atMs],
});

/** Returns the statement that removes problems of a robot. */
export const clearProblems = (robot: number, codes: readonly ProblemCode[]): Statement => ({
  sql: 'DELETE FROM fleet_problems WHERE robot = ? AND code IN (SELECT value FROM json_each(?))',
  parameters: [robot, JSON.stringify(codes)],
});
