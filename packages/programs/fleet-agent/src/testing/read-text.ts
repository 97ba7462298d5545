import { readAgentConfig } from '../config/read-agent-config.ts';

/** Minimum agent file in feed mode. */
export const FEED = `
mode: feed
broker: { url: mqtt://127.0.0.1 }
robot: { version: 3.0.0, manufacturer: acme, serial: AMR-1 }
`;

/** Returns the configuration of a file with this text. Throws `DocumentRefused`. */
export const configOf = (text: string) => readAgentConfig(text, '/robot/vda5050.yaml');
