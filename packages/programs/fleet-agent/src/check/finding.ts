/** A problem of an agent file with its gateway. */
export interface Finding {
  /** The line of the file, as `vda5050.yaml:12`. */
  readonly at: string;
  readonly message: string;
}
