import type { FaultProvider, FaultRecording, FaultSnapshot } from '@medkit/core';
import { fault, faultEvent, memoryFaults } from '@medkit/core/testing';

const NOW_NS = 1_770_201_000_000_000_000n;

const RECORDING: FaultRecording = {
  kind: 'recording',
  id: 'fault_MOTOR_OVERHEAT_1770201000000',
  faultCodes: ['MOTOR_OVERHEAT', 'ODD'],
  format: 'mcap',
  octets: 4096,
  durationMs: 6000,
  createdAtNs: NOW_NS,
};

const EVIDENCE: readonly FaultSnapshot[] = [
  {
    kind: 'freeze_frame',
    name: 'scan',
    channel: '/scan',
    messageType: 'sensor_msgs/msg/LaserScan',
    data: { stamp: 2n ** 62n, ranges: [1, 2.5], 'a/b"c': null },
    history: { 'linear.x': { value: 1, history: [[NOW_NS, 0.5]] } },
    capturedAtNs: NOW_NS,
  },
  {
    kind: 'freeze_frame',
    name: 'freeze_frame',
    channel: '',
    messageType: '',
    data: '{"half": ',
    problem: 'Unexpected end of JSON input',
    capturedAtNs: NOW_NS,
  },
  RECORDING,
  { kind: 'foreign', body: { type: 'freeze_frame', of: 'a plc' } },
];

/** Faults of every kind. A cleared fault is reported again immediately, so that a storm does not use them up. */
export function targetFaults(): FaultProvider {
  const faults = [
    fault('MOTOR_OVERHEAT'),
    fault('ODD', {
      description: 'a "text"\r\ndata: of two lines \ud83d\ude00',
      sources: ['/lidar_driver', 'battery_monitor'],
    }),
    fault('AWAY', { status: 'HEALED', lastPassedNs: NOW_NS }),
    fault('NEAR', { status: 'PREFAILED', sources: ['/battery_monitor'], confirmedAtNs: 0n }),
    fault('STRANGE', { sources: ['/__proto__/constructor'] }),
    fault('SYMPTOM'),
  ];
  return {
    ...memoryFaults({
      faults,
      snapshots: EVIDENCE,
      recordings: [{ ...RECORDING, files: async () => [] }],
      thresholds: [
        {
          source: '/lidar_driver',
          confirmationThreshold: -1,
          healingEnabled: true,
          healingThreshold: 3,
          override: '/lidar',
        },
      ],
      muted: [{ faultCode: 'SYMPTOM', rootCauseCode: 'MOTOR_OVERHEAT', ruleId: 'heat', delayMs: 12 }],
      clusters: [
        {
          id: 'storm_1',
          ruleId: 'storm',
          ruleName: 'Storm',
          representativeCode: 'MOTOR_OVERHEAT',
          representativeSeverity: 2,
          faultCodes: ['MOTOR_OVERHEAT', 'ODD'],
          firstAtNs: NOW_NS,
          lastAtNs: NOW_NS,
        },
      ],
      events: faults.map((of, at) => faultEvent(at + 1, { fault: of })),
    }),
    clear: async (_, code) => faults.some((known) => known.code === code),
  };
}
