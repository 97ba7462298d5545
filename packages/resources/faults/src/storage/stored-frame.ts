/** What a topic said around the time at which a fault was confirmed, as it is kept. */
export interface StoredFrame {
  readonly faultCode: string;
  /** Frames that were captured together have one number, which grows; 0 for the frame that outlives a clear. */
  readonly captureId: number;
  /** The occurrence of the fault in which it was captured, from 1; 0 where nobody knows. */
  readonly occurrence: number;
  /** Empty for the frame that outlives a clear: its data is `{topic: value}`. */
  readonly topic: string;
  /** Whose topic it is, where several that reported the fault have one of that name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** JSON text of the message. */
  readonly data: string;
  /** Why `data` is not the whole message; empty where it is. */
  readonly problem: string;
  /** JSON text `{"<path of the field>": {"value": v, "history": [[timeNs, v], …]}}`; empty where there is none. */
  readonly history: string;
  readonly capturedAtNs: bigint;
}
