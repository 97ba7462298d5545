/** Connection state of a robot at the broker, with the names of 3.0.0. 2.1.0 has no `HIBERNATING`. */
export const CONNECTION_STATES = ['ONLINE', 'OFFLINE', 'HIBERNATING', 'CONNECTION_BROKEN'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
