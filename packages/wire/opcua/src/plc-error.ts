/** A failure of a PLC or of the connection to it. */
export class PlcError extends Error {
  /** Status name in OPC UA if the server answered: `BadUserAccessDenied`. */
  readonly status: string | undefined;

  constructor(message: string, status?: string) {
    super(message);
    this.name = new.target.name;
    this.status = status;
  }
}

/** There is no session, or it was lost, or the answer did not arrive in time: the outcome of the request is unknown. */
export class PlcUnreachable extends PlcError {}

/** The server refused the request. */
export class PlcRefused extends PlcError {}
