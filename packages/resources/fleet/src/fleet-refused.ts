/** Base class of rejected requests to the fleet. The message names the subject and the remedy, for users. */
export class FleetRefused extends Error {
  override readonly name: string = 'FleetRefused';
}

/** No robot or invitation has this name. */
export class FleetNotFound extends FleetRefused {
  override readonly name = 'FleetNotFound';
}

/** The request goes beyond the robots to which the account of the caller is limited. */
export class FleetOutside extends FleetRefused {
  override readonly name = 'FleetOutside';
}

/** A parameter is invalid. */
export class FleetInvalid extends FleetRefused {
  override readonly name = 'FleetInvalid';
}

/** What a refusal because of a quota states. */
export interface ReachedQuota {
  /** The setting. */
  readonly quota: string;
  readonly used: number;
  readonly limit: number;
  readonly remedy: string;
  /** Follows the limit in the message. */
  readonly unit?: string;
}

/** A quota of the hub is used up. */
export class FleetQuotaReached extends FleetRefused {
  override readonly name = 'FleetQuotaReached';
  readonly reached: Omit<ReachedQuota, 'unit'>;

  constructor({ unit = '', ...reached }: ReachedQuota) {
    const { quota, used, limit, remedy } = reached;
    super(`The quota ${quota} of the hub is used up: ${used} of ${limit}${unit}. ${remedy}`);
    this.reached = reached;
  }
}

/** The state of the robot does not allow it, or a limit is reached. */
export class FleetConflict extends FleetRefused {
  override readonly name = 'FleetConflict';
}
