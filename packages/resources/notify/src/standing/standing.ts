/** What a receiver has been told of an incident. */
export interface Standing {
  /** `held`: it waits for the end of quiet hours. `missed`: it was over before they ended, and is to be told in a line. */
  readonly told: 'nothing' | 'held' | 'missed' | 'open' | 'over';
  /** The highest severity that was told; -1 for none. */
  readonly severity: number;
  /** Whether it was told that the incident holds the robot. */
  readonly blocksMotion: boolean;
  /** Whether it was told that somebody has taken it on. */
  readonly acknowledged: boolean;
  /** How often it was rung in all. */
  readonly rings: number;
  /** How often of these since there was something new. */
  readonly repeats: number;
  /** When it was told something the last time, milliseconds since the epoch. */
  readonly lastMs: number;
  /** Of `missed`: the line. */
  readonly line?: string;
}

export const NOTHING_TOLD: Standing = {
  told: 'nothing',
  severity: -1,
  blocksMotion: false,
  acknowledged: false,
  rings: 0,
  repeats: 0,
  lastMs: 0,
};
