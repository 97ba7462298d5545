/** One end of a channel between threads: the common part of `MessagePort` and `Worker`. */
export interface Port {
  postMessage(value: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
}

/** A started thread or process. */
export interface Thread {
  readonly port: Port;
  /** Resolves with the reason in a few words when the thread has ended. */
  readonly ended: Promise<string>;
  /** Lowers the scheduling priority. Absent for a thread, which shares that of its process. */
  lowerPriority?(): void;
  /** Ends the thread whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}
