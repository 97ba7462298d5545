/** An end of a channel between threads: what `MessagePort` and `Worker` have in common. */
export interface Port {
  postMessage(value: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
}

/** A thread from its start to its end. */
export interface Thread {
  readonly port: Port;
  /** Resolves when it has ended, with the reason in a few words. */
  readonly ended: Promise<string>;
  /** Ends it whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}
