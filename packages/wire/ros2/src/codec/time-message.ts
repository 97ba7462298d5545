const NS_PER_S = 1_000_000_000n;

/** `builtin_interfaces/msg/Time`, decoded. */
export type TimeMessage = { readonly sec: number; readonly nanosec: number };

/** Converts nanoseconds since the epoch (0 or more) to a message. */
export function timeMessage(ns: bigint): TimeMessage {
  return { sec: Number(ns / NS_PER_S), nanosec: Number(ns % NS_PER_S) };
}

/** Converts a message to nanoseconds since the epoch. */
export function timeNs({ sec, nanosec }: TimeMessage): bigint {
  return BigInt(sec) * NS_PER_S + BigInt(nanosec);
}
