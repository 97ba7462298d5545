/** A datagram or submessage violates the wire format. `reason` is the name of its counter. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  readonly reason: string;

  constructor(reason: string) {
    super(`malformed RTPS message: ${reason}`);
    this.reason = reason;
  }
}
