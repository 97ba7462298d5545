/** Something that an agent with this file would meet at this gateway. */
export interface Finding {
  /** The line of the file, as `vda5050.yaml:12`. */
  readonly at: string;
  readonly message: string;
}
