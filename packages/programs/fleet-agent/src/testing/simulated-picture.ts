import type { RobotError } from '@medkit/vda5050';
import type { MappedMembers, PictureSource, RobotPicture } from '../picture/robot-picture.ts';

/** A stationary robot without problems. */
export const STATIONARY: MappedMembers = {
  position: { mapId: 'warehouse', x: 1, y: 2, theta: 0, localized: true },
  velocity: { vx: 0, vy: 0, omega: 0 },
  driving: false,
  battery: { chargePercent: 80, charging: false },
  operatingMode: 'MANUAL',
  safety: { emergencyStop: 'NONE', fieldViolation: false },
};

export const GATEWAY_UNAVAILABLE = 'the gateway does not answer';

/** An error as reported for its fault. */
export const errorOf = (type: string, level: RobotError['level'] = 'FATAL'): RobotError => ({
  type,
  level,
  references: [{ key: 'entityId', value: 'safety_gate' }],
});

/** A picture of a robot that is set by the test. */
export class SimulatedPicture implements PictureSource {
  readonly #listeners = new Set<() => void>();
  picture: RobotPicture | undefined = {
    gatewayProblem: undefined,
    errors: [],
    information: [],
    members: STATIONARY,
    missing: [],
  };

  /** Replaces the errors, given by type. */
  setErrors(...types: readonly string[]): void {
    this.change({ errors: types.map((type) => errorOf(type)) });
  }

  change(part: Partial<RobotPicture>): void {
    if (this.picture) this.picture = { ...this.picture, ...part };
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
  }
}
