import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { participantProcess, processProperties } from './participant-process.ts';

describe('the process of a participant', () => {
  it('is found in the announcement of Cyclone DDS', () => {
    const properties = { __Hostname: 'robot', __Pid: '4711', __ProcessName: 'planner_server', __NetworkAddresses: '' };
    assert.deepEqual(participantProcess(properties), { id: 4711, hostname: 'robot', name: 'planner_server' });
  });

  it('is found in the announcement of Fast DDS, without the number after its host name', () => {
    const properties = {
      PARTICIPANT_TYPE: 'SIMPLE',
      'fastdds.physical_data.host': 'rosbot3:8625654422478520320',
      'fastdds.physical_data.user': 'robot',
      'fastdds.physical_data.process': '22845',
    };
    assert.deepEqual(participantProcess(properties), { id: 22845, hostname: 'rosbot3' });
  });

  it('is found in the announcement of Connext, by the name of its program', () => {
    const properties = {
      'dds.sys_info.hostname': 'plc',
      'dds.sys_info.process_id': '12',
      'dds.sys_info.executable_filepath': '/opt/bridge/bin/bridge',
    };
    assert.deepEqual(participantProcess(properties), { id: 12, hostname: 'plc', name: 'bridge' });
  });

  it('is found in the announcement of medkit', () => {
    for (const process of [{ id: 12 }, { id: 4711, hostname: 'robot', name: 'node' }]) {
      assert.deepEqual(participantProcess(processProperties(process)), process);
    }
  });

  it('is unknown if it is not announced, or invalid', () => {
    for (const __Pid of [undefined, '', '0', '-1', '12x', '4194305', '99999999999']) {
      assert.equal(participantProcess({ __Hostname: 'robot', ...(__Pid !== undefined && { __Pid }) }), undefined);
    }
    assert.deepEqual(participantProcess({ __Pid: '7', __Hostname: 'a\nb', __ProcessName: 'x'.repeat(5000) }), {
      id: 7,
    });
  });
});
