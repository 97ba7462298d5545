/** Something that a PLC, or the way to it, did not do. */
export class PlcError extends Error {
  /** As OPC UA calls it, where the server answered: `BadUserAccessDenied`. */
  readonly status: string | undefined;

  constructor(message: string, status?: string) {
    super(message);
    this.name = new.target.name;
    this.status = status;
  }
}

/** There is no session, or it was lost, or the answer did not come in time: whether it was done is not known. */
export class PlcUnreachable extends PlcError {}

/** The server answered that it does not. */
export class PlcRefused extends PlcError {}
