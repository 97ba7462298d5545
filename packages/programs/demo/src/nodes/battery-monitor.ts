import { type Battery, CAPACITY_AH, CELLS, LOW_VOLTAGE_V } from '../robot/battery.ts';
import { DemoNode } from './demo-node.ts';
import { type Diagnosis, publishDiagnostics } from './diagnostics.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 1000;
/** Constants of sensor_msgs/msg/BatteryState. */
const STATUS = { charging: 1, discharging: 2 } as const;
const HEALTH = { good: 1, dead: 3 } as const;
const LITHIUM_ION = 2;

const LOW_VOLTAGE = parameter('double', 'low_voltage_v', LOW_VOLTAGE_V, {
  description: 'Voltage below which the robot stops until the battery has recovered',
  floatRange: { from: 20, to: 26, step: 0.1 },
});
const REPORTED_CELLS = parameter('bool_array', 'reported_cells', Array<boolean>(CELLS).fill(true), {
  description: 'Which cells are reported with their voltage',
  additionalConstraints: `one value for each of the ${CELLS} cells`,
});

/** Interval of the beacon, shorter than its validity (docs/guides/beacons.md). */
const BEACON_PERIOD_MS = 5000;
const BEACON = { name: '/ros2_medkit/discovery', type: 'ros2_medkit_msgs/msg/MedkitDiscoveryHint' };
const CYCLES = 212;

/** Statistics since the last reset. */
interface Statistics {
  readonly leastV: number;
  readonly usedWh: number;
}

const NOTHING_MEASURED: Statistics = { leastV: Number.POSITIVE_INFINITY, usedWh: 0 };

function measured({ leastV, usedWh }: Statistics, { voltageV, currentA }: Battery, sec: number): Statistics {
  return { leastV: Math.min(leastV, voltageV), usedWh: usedWh + (Math.max(0, -currentA) * voltageV * sec) / 3600 };
}

function diagnose({ voltageV, currentA, charge }: Battery, { leastV, usedWh }: Statistics, lowV: number): Diagnosis {
  const values = {
    voltage_v: voltageV.toFixed(2),
    current_a: currentA.toFixed(1),
    charge: charge.toFixed(3),
    least_voltage_v: leastV.toFixed(2),
    used_wh: usedWh.toFixed(1),
  };
  return voltageV < lowV
    ? { level: 'error', message: `Voltage ${voltageV.toFixed(1)} V is below ${lowV} V`, values }
    : { level: 'ok', message: 'Battery good', values };
}

/** The battery: /battery_state and /voltage at 1 Hz. */
export async function openBatteryMonitor(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'battery_monitor',
    namespace: '/power',
    parameters: [LOW_VOLTAGE, REPORTED_CELLS],
    onSet(wanted) {
      const cells = requestedValue(wanted, REPORTED_CELLS);
      if (cells !== undefined && cells.length !== CELLS)
        return `${REPORTED_CELLS.name} must have ${CELLS} values, not ${cells.length}`;
      const lowVoltageV = requestedValue(wanted, LOW_VOLTAGE);
      if (lowVoltageV !== undefined) view.change({ lowVoltageV });
      return undefined;
    },
  });
  const battery = () => view.robot().battery;
  const lowV = () => node.parameter(LOW_VOLTAGE);
  let statistics = NOTHING_MEASURED;
  await node.publishEvery(PERIOD_MS, { name: '/battery_state', type: 'sensor_msgs/msg/BatteryState' }, () => {
    const { voltageV, currentA, charge } = battery();
    const low = voltageV < lowV();
    const cells = node.parameter(REPORTED_CELLS).map((reported) => (reported ? voltageV / CELLS : Number.NaN));
    statistics = measured(statistics, battery(), PERIOD_MS / 1000);
    return {
      header: node.header('battery'),
      voltage: voltageV,
      temperature: Number.NaN,
      current: currentA,
      charge: charge * CAPACITY_AH,
      capacity: CAPACITY_AH,
      design_capacity: CAPACITY_AH,
      percentage: charge,
      power_supply_status: currentA > 0 ? STATUS.charging : STATUS.discharging,
      power_supply_health: low ? HEALTH.dead : HEALTH.good,
      power_supply_technology: LITHIUM_ION,
      present: true,
      cell_voltage: Float32Array.from(cells),
      cell_temperature: new Float32Array(CELLS).fill(Number.NaN),
      location: 'bay_0',
      serial_number: 'DEMO-24-0042',
    };
  });
  await node.publishEvery(PERIOD_MS, { name: '/voltage', type: 'std_msgs/msg/Float32' }, () => ({
    data: battery().voltageV,
  }));
  const announce = await node.publisher(BEACON);
  node.every(BEACON_PERIOD_MS, () =>
    announce({
      entity_id: 'battery_monitor',
      metadata: [{ key: 'cycles', value: String(CYCLES) }],
      stamp: node.stamp(),
    }),
  );
  await publishDiagnostics(node, {
    name: 'battery_monitor: pack',
    hardwareId: 'battery-DEMO-24-0042',
    diagnose: () => diagnose(battery(), statistics, lowV()),
  });
  await node.service('reset_statistics', 'std_srvs/srv/Trigger', () => {
    const { leastV, usedWh } = measured(statistics, battery(), 0);
    statistics = NOTHING_MEASURED;
    return {
      success: true,
      message: `Statistics reset: minimum voltage ${leastV.toFixed(2)} V, ${usedWh.toFixed(1)} Wh used`,
    };
  });
  view.onEvent((event) => {
    if (event === 'battery-low') node.log('error', `Battery voltage fell below ${lowV()} V`);
    if (event === 'battery-recovered') node.log('info', 'Battery voltage is back in range');
  });
  return node;
}
