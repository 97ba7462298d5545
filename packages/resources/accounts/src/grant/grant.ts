/** A limit of an account to robots of a site, of a group, or of both. */
export interface RobotGrant {
  readonly site?: string;
  readonly group?: string;
  /** Limits the account to the permissions of this role at these robots; its role unless given. */
  readonly role?: string;
}
