import { isJsonObject } from '@medkit/core';
import { OptionReader } from '@medkit/plugin';
import { type PlcOptions, readPlcOptions } from './plc-options.ts';

/** Maximum PLCs of a gateway: each takes a session, and memory for its values. */
const MAX_PLCS = 64;

/** Environment variables that override options, as in ros2_medkit, with the option of each. */
const VARIABLES: Readonly<Record<string, string>> = {
  OPCUA_ENDPOINT_URL: 'endpoint_url',
  OPCUA_NODE_MAP_PATH: 'node_map_path',
  OPCUA_CONDITION_REPLAY: 'condition_replay_strategy',
  OPCUA_REQUIRE_CONFIRM_FOR_CLEAR: 'require_confirm_for_clear',
  OPCUA_COMMS_LOST_ENABLED: 'comms_lost_fault_enabled',
  OPCUA_COMMS_LOST_DEBOUNCE_MS: 'comms_lost_debounce_ms',
  OPCUA_SECURITY_POLICY: 'security_policy',
  OPCUA_SECURITY_MODE: 'security_mode',
  OPCUA_CLIENT_CERT: 'client_cert_path',
  OPCUA_CLIENT_KEY: 'client_key_path',
  OPCUA_APPLICATION_URI: 'application_uri',
  OPCUA_TRUST_LIST: 'trust_list_paths',
  OPCUA_REJECT_UNTRUSTED: 'reject_untrusted',
  OPCUA_USER_AUTH: 'user_auth_mode',
  OPCUA_USERNAME: 'username',
  OPCUA_PASSWORD: 'password',
  OPCUA_USER_CERT: 'user_cert_path',
};
/** Boolean options, which may be 0 and 1. */
const SWITCHES: ReadonlySet<string> = new Set([
  'require_confirm_for_clear',
  'comms_lost_fault_enabled',
  'reject_untrusted',
]);
/** The list option: separated by colons, as in ros2_medkit, or commas. */
const LIST = 'trust_list_paths';

export interface OpcuaOptions {
  readonly plcs: readonly PlcOptions[];
  /** A sentence for each invalid option, with the value used instead. */
  readonly warnings: readonly string[];
}

/**
 * Reads the PLCs of a configuration. PLCs below `plcs` are named and inherit the options beside it; without `plcs`, the
 * section describes a single PLC. Throws if an option leaves the security of a connection undefined.
 */
export function readOpcuaOptions(
  options: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): OpcuaOptions {
  const { plcs, discovery, ...common } = { ...options, ...fromEnvironment(environment) };
  const warnings: string[] = [];
  if (isJsonObject(discovery) && discovery['enabled'] === true) {
    warnings.push('discovery is not supported: medkit does not scan networks; set the PLC in endpoint_url');
  }
  const sections = plcs === undefined ? [['', common] as const] : sectionsIn(plcs, common);
  const read = sections.map(([name, section]) => {
    const reader = new OptionReader(section, name === '' ? 'the OPC UA plugin' : `the PLC ${name}`);
    const withPlcName = (error: unknown) =>
      new Error(name === '' ? (error as Error).message : `${name}: ${(error as Error).message}`);
    try {
      const plc = readPlcOptions(name, reader);
      reader.end();
      warnings.push(...reader.warnings);
      return plc;
    } catch (error) {
      throw withPlcName(error);
    }
  });
  return { plcs: read, warnings };
}

function sectionsIn(plcs: unknown, common: Readonly<Record<string, unknown>>) {
  if (!isJsonObject(plcs)) throw new Error('plcs must be a section with one PLC below each name');
  const named = Object.entries(plcs);
  if (named.length === 0 || named.length > MAX_PLCS) {
    throw new Error(`plcs must have 1 to ${MAX_PLCS} PLCs, not ${named.length}`);
  }
  return named.map(([name, section]) => {
    if (!isJsonObject(section)) throw new Error(`plcs.${name} must be a section`);
    return [name, { ...common, ...section }] as const;
  });
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, unknown>> {
  const values = Object.entries(VARIABLES).flatMap(([variable, key]): [string, unknown][] => {
    const text = environment[variable];
    return text === undefined || text === '' ? [] : [[key, optionIn(key, text)]];
  });
  return Object.fromEntries(values);
}

function optionIn(key: string, text: string): unknown {
  if (key === LIST) return text.split(/[,:]/);
  return SWITCHES.has(key) && /^[01]$/.test(text) ? text === '1' : text;
}
