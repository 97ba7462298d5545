/** A stored freeze frame: the message of a topic when a fault was confirmed. */
export interface StoredFrame {
  readonly faultCode: string;
  /** Number of the capture, increasing; 0 for the frame that survives a clear. */
  readonly captureId: number;
  /** The occurrence of the fault, from 1; 0 if unknown. */
  readonly occurrence: number;
  /** Empty for the frame that survives a clear: its data is `{topic: value}`. */
  readonly topic: string;
  /** The runtime of the topic, if several reporters have a topic with this name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** JSON text of the message. */
  readonly data: string;
  /** Why `data` is not the whole message; empty if it is. */
  readonly problem: string;
  /** JSON text `{"<path of the field>": {"value": v, "history": [[timeNs, v], …]}}`; empty if there is none. */
  readonly history: string;
  readonly capturedAtNs: bigint;
}
