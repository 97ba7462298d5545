/** Events of one connection. */
export interface StreamEvents {
  /** `octets` are valid only during the call, because their memory is reused. */
  onOctets(octets: Uint8Array): void;
  /** The other side closed, or the connection broke. Called once; not after `close`. */
  onClose(): void;
}

/** One end of a connection whose bytes arrive in order, in pieces of any length. */
export interface StreamConnection {
  /** Bytes passed to `write` that the system has not taken yet. The caller must not change them until this is 0. */
  readonly waitingBytes: number;
  /** Never throws and never waits: data that the system does not take immediately is buffered in this process. */
  write(octets: Uint8Array): void;
  /** Closes the connection immediately. Buffered data is lost. */
  close(): void;
}

export interface StreamListenOptions {
  /** An absolute path of at most {@link MAX_SOCKET_PATH_BYTES} bytes. */
  readonly path: string;
  /** Permissions of the socket file, such as 0o660: who may connect. */
  readonly mode: number;
  /** Called for each connection; `undefined` refuses it. */
  onConnection(connection: StreamConnection): StreamEvents | undefined;
}

export interface StreamListener {
  /** Closes the listener and all its connections, and removes the socket. */
  close(): Promise<void>;
}

/** Maximum path length: Linux truncates longer paths (unix(7), sun_path). */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Streams between programs of one machine: Unix sockets, or simulated ones. */
export interface StreamSockets {
  /**
   * Listens at a path. Replaces a socket that a dead program left. Throws `AddressInUse` if a live program listens
   * there, another error if the path is not a socket or the system refuses.
   */
  listen(options: StreamListenOptions): Promise<StreamListener>;
  /** Rejects if no program listens or the system refuses. */
  connect(path: string, events: StreamEvents): Promise<StreamConnection>;
}
