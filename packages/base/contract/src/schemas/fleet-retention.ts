/** Days for which a hub stores its record: the settings `fleet.retention.*`. */
export interface FleetRetention {
  /** Events, since the hub received them; older ones are archived. */
  readonly events_days: number;
  /** Files of archived events, since they were written. */
  readonly archive_days: number;
  /** Occurrences with their part of issues and figures, and the running hours of robots. */
  readonly occurrences_days: number;
  /** Changes of presence, and announced absences since their end. */
  readonly presence_days: number;
  /** Recordings, since the hub has stored them. */
  readonly evidence_days: number;
  /** Freeze frames and log windows, since the hub has stored them. */
  readonly frames_days: number;
  /** Invitations since their end, and evidence without a file since its report. */
  readonly ended_days: number;
}

export const FLEET_RETENTION: FleetRetention = {
  events_days: 90,
  archive_days: 396,
  occurrences_days: 1830,
  presence_days: 396,
  evidence_days: 90,
  frames_days: 396,
  ended_days: 90,
};
