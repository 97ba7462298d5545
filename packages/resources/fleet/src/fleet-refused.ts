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

/** The state of the robot does not allow it, or a limit is reached. */
export class FleetConflict extends FleetRefused {
  override readonly name = 'FleetConflict';
}
