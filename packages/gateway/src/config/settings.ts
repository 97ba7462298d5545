import { AGGREGATION_SETTINGS } from './aggregation-settings.ts';
import { AUDIT_SETTINGS } from './audit-settings.ts';
import { AUTH_SETTINGS } from './auth-settings.ts';
import { DISCOVERY_SETTINGS } from './discovery-settings.ts';
import { FAULT_SETTINGS } from './fault-settings.ts';
import { FAULT_TRIGGER_SETTINGS } from './fault-trigger-settings.ts';
import { FLEET_RETENTION_SETTINGS } from './fleet-retention-settings.ts';
import { FLEET_SETTINGS } from './fleet-settings.ts';
import { HISTORY_SETTINGS } from './history-settings.ts';
import { HUB_SETTINGS } from './hub-settings.ts';
import { INCIDENT_SETTINGS } from './incident-settings.ts';
import { ISLAND_SETTINGS } from './island-settings.ts';
import { LOCKING_SETTINGS } from './locking-settings.ts';
import { LOG_SETTINGS } from './log-settings.ts';
import { METRICS_SETTINGS } from './metrics-settings.ts';
import { NOTIFY_SETTINGS } from './notify-settings.ts';
import { OIDC_SETTINGS } from './oidc-settings.ts';
import { PLUGIN_SETTINGS } from './plugin-settings.ts';
import { PROVIDER_SETTINGS } from './provider-settings.ts';
import { RATE_LIMIT_SETTINGS } from './rate-limit-settings.ts';
import { ROS_SETTINGS } from './ros-settings.ts';
import { SCRIPT_SETTINGS } from './script-settings.ts';
import { SERVER_SETTINGS } from './server-settings.ts';
import type { Setting } from './setting.ts';
import { STORAGE_SETTINGS } from './storage-settings.ts';
import { TLS_SETTINGS } from './tls-settings.ts';
import { TRACE_SETTINGS } from './trace-settings.ts';
import { TRIGGER_SETTINGS } from './trigger-settings.ts';
import { UPDATE_SETTINGS } from './update-settings.ts';
import { VITAL_SIGN_SETTINGS } from './vital-sign-settings.ts';
import { WEBHOOK_SETTINGS } from './webhook-settings.ts';

/**
 * Every setting of the gateway. Parsing, checking, defaults, flags, environment variables, `medkit up --help` and
 * docs/config.md all follow from this table; `GatewayConfig` is its type.
 */
export const SETTINGS = {
  ...SERVER_SETTINGS,
  ...AUTH_SETTINGS,
  ...OIDC_SETTINGS,
  ...RATE_LIMIT_SETTINGS,
  ...TLS_SETTINGS,
  ...STORAGE_SETTINGS,
  ...ROS_SETTINGS,
  ...ISLAND_SETTINGS,
  ...DISCOVERY_SETTINGS,
  ...AGGREGATION_SETTINGS,
  ...PROVIDER_SETTINGS,
  ...FAULT_SETTINGS,
  ...FAULT_TRIGGER_SETTINGS,
  ...INCIDENT_SETTINGS,
  ...HISTORY_SETTINGS,
  ...VITAL_SIGN_SETTINGS,
  ...LOCKING_SETTINGS,
  ...TRIGGER_SETTINGS,
  ...AUDIT_SETTINGS,
  ...LOG_SETTINGS,
  ...METRICS_SETTINGS,
  ...TRACE_SETTINGS,
  ...WEBHOOK_SETTINGS,
  ...NOTIFY_SETTINGS,
  ...SCRIPT_SETTINGS,
  ...UPDATE_SETTINGS,
  ...HUB_SETTINGS,
  ...FLEET_SETTINGS,
  ...FLEET_RETENTION_SETTINGS,
  ...PLUGIN_SETTINGS,
} as const satisfies Readonly<Record<string, Setting>>;

/** A key of the table: `server.port`. */
export type SettingKey = keyof typeof SETTINGS;

/** The rows with their keys, in the order of the documents. */
export const SETTING_ROWS: readonly (readonly [SettingKey, Setting])[] = Object.entries(SETTINGS) as [
  SettingKey,
  Setting,
][];

/** Returns the row of a key; `undefined` if there is none. */
export function findSetting(key: string): Setting | undefined {
  return Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
}
