import type { RosProcess } from '../graph.ts';

/** Properties in which Cyclone DDS, Fast DDS and Connext announce the process of a participant. */
const PROPERTIES = [
  { id: '__Pid', hostname: '__Hostname', name: '__ProcessName' },
  { id: 'fastdds.physical_data.process', hostname: 'fastdds.physical_data.host', name: undefined },
  { id: 'dds.sys_info.process_id', hostname: 'dds.sys_info.hostname', name: 'dds.sys_info.executable_filepath' },
] as const;

/** Highest process id on Linux (`PID_MAX_LIMIT`). */
const MAX_PROCESS_ID = 2 ** 22;
/** Maximum length: a host name has at most 64 characters, a path 4096. */
const MAX_TEXT_LENGTH = 4096;

/** Returns the process that a participant announces. Returns `undefined` if it announces none or an invalid one. */
export function participantProcess(properties: Readonly<Record<string, string>>): RosProcess | undefined {
  for (const { id, hostname, name } of PROPERTIES) {
    const announced = properties[id];
    if (announced === undefined || !/^[1-9]\d{0,7}$/.test(announced) || Number(announced) > MAX_PROCESS_ID) continue;
    const host = textOf(properties[hostname]);
    const program = name && textOf(properties[name]);
    return {
      id: Number(announced),
      // Fast DDS appends a number that distinguishes machines of the same name: `rosbot3:8625654422478520320`.
      ...(host && { hostname: host.replace(/:\d+$/, '') }),
      ...(program && { name: program.slice(program.lastIndexOf('/') + 1) }),
    };
  }
  return undefined;
}

/** Returns the properties that announce a process, with the names that Cyclone DDS uses. */
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
