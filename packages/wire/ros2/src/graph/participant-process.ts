import type { RosProcess } from '../adapter/graph.ts';

/** The properties in which Cyclone DDS, Fast DDS and Connext announce the process of a participant. */
const PROPERTIES = [
  { id: '__Pid', hostname: '__Hostname', name: '__ProcessName' },
  { id: 'fastdds.physical_data.process', hostname: 'fastdds.physical_data.host', name: undefined },
  { id: 'dds.sys_info.process_id', hostname: 'dds.sys_info.hostname', name: 'dds.sys_info.executable_filepath' },
] as const;

/** Linux gives no higher ids (`PID_MAX_LIMIT`). */
const MAX_PROCESS_ID = 2 ** 22;
/** A host name has 64 characters at most, a path 4096: what is longer is none. */
const MAX_TEXT_LENGTH = 4096;

/** The process that a participant says it runs in; `undefined` where it does not say, or nonsense. */
export function participantProcess(properties: Readonly<Record<string, string>>): RosProcess | undefined {
  for (const { id, hostname, name } of PROPERTIES) {
    const announced = properties[id];
    if (announced === undefined || !/^[1-9]\d{0,7}$/.test(announced) || Number(announced) > MAX_PROCESS_ID) continue;
    const host = textOf(properties[hostname]);
    const program = name && textOf(properties[name]);
    return {
      id: Number(announced),
      // Fast DDS puts a number behind the name that tells machines of one name apart: `rosbot3:8625654422478520320`.
      ...(host && { hostname: host.replace(/:\d+$/, '') }),
      ...(program && { name: program.slice(program.lastIndexOf('/') + 1) }),
    };
  }
  return undefined;
}

/** The properties that announce a process, in the names of Cyclone DDS. */
export function processProperties({ id, hostname, name }: RosProcess): Readonly<Record<string, string>> {
  const [names] = PROPERTIES;
  return {
    [names.id]: String(id),
    ...(hostname && { [names.hostname]: hostname }),
    ...(name && { [names.name]: name }),
  };
}

function textOf(value: string | undefined): string | undefined {
  return value && value.length <= MAX_TEXT_LENGTH && !/\p{Cc}/u.test(value) ? value : undefined;
}
