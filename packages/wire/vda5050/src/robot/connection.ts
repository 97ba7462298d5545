/** Whether a robot is at the broker, as 3.0.0 spells it; 2.1.0 has no `HIBERNATING`. */
export const CONNECTION_STATES = ['ONLINE', 'OFFLINE', 'HIBERNATING', 'CONNECTION_BROKEN'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
