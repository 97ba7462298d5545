/** A datagram or submessage that breaks the wire format. `reason` is the name it is counted under. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  readonly reason: string;

  constructor(reason: string) {
    super(`malformed RTPS message: ${reason}`);
    this.reason = reason;
  }
}
