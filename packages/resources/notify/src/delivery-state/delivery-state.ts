/** What a receiver knows of an incident. */
export interface DeliveryState {
  /** `held`: waits for the end of quiet hours. `missed`: was over before they ended and waits for the summary. */
  readonly state: 'nothing' | 'held' | 'missed' | 'open' | 'over';
  /** The highest reported severity; -1 for none. */
  readonly severity: number;
  /** Whether it was reported that the incident blocks the robot's motion. */
  readonly blocksMotion: boolean;
  /** Whether the acknowledgement was reported. */
  readonly acknowledged: boolean;
  /** Total number of alerts. */
  readonly rings: number;
  /** Number of reminders since the last change. */
  readonly repeats: number;
  /** Time of the last notification, milliseconds since the epoch. */
  readonly lastMs: number;
  /** For `missed`: the line of the summary. */
  readonly line?: string;
}

export const NOTHING_REPORTED: DeliveryState = {
  state: 'nothing',
  severity: -1,
  blocksMotion: false,
  acknowledged: false,
  rings: 0,
  repeats: 0,
  lastMs: 0,
};
