/** What is heard of one connection. */
export interface StreamEvents {
  /** `octets` are valid during the call: their memory is used again. */
  onOctets(octets: Uint8Array): void;
  /** The other side is gone, or the connection broke. Called once; not after `close`. */
  onClose(): void;
}

/** One end of a connection whose octets arrive in order, in pieces of any length. */
export interface StreamConnection {
  /** Octets of `write` that the system has not taken yet. What was written must not change before it is 0 again. */
  readonly waitingBytes: number;
  /** Never throws and never waits: what the system does not take at once waits in this process. */
  write(octets: Uint8Array): void;
  /** Ends it at once. What still waits is lost. */
  close(): void;
}

export interface StreamListenOptions {
  /** An absolute path, of at most {@link MAX_SOCKET_PATH_BYTES} octets. */
  readonly path: string;
  /** Who may connect: the permissions of the socket, such as 0o660. */
  readonly mode: number;
  /** Called for each connection; `undefined` refuses it. */
  onConnection(connection: StreamConnection): StreamEvents | undefined;
}

export interface StreamListener {
  /** Ends the listener and every connection of it, and removes the socket. */
  close(): Promise<void>;
}

/** Linux cuts longer ones (unix(7), sun_path). */
export const MAX_SOCKET_PATH_BYTES = 107;

/** A way to have streams between programs of one machine: Unix sockets, or simulated ones. */
export interface StreamSockets {
  /**
   * A socket that a dead program has left is replaced. Throws `AddressInUse` where a live one has it, another error where
   * something other than a socket is there, and where the system refuses.
   */
  listen(options: StreamListenOptions): Promise<StreamListener>;
  /** Rejects where nobody listens, or the system refuses. */
  connect(path: string, events: StreamEvents): Promise<StreamConnection>;
}
