import { type Battery, CAPACITY_AH, CELLS, LOW_VOLTAGE_V } from '../robot/battery.ts';
import { DemoNode } from './demo-node.ts';
import { type Diagnosis, publishDiagnostics } from './diagnostics.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 1000;
/** Charging, discharging, good, dead and lithium-ion as sensor_msgs/msg/BatteryState numbers them. */
const STATUS = { charging: 1, discharging: 2 } as const;
const HEALTH = { good: 1, dead: 3 } as const;
const LITHIUM_ION = 2;

function diagnose({ voltageV, currentA, charge }: Battery): Diagnosis {
  const values = { voltage_v: voltageV.toFixed(2), current_a: currentA.toFixed(1), charge: charge.toFixed(3) };
  return voltageV < LOW_VOLTAGE_V
    ? { level: 'error', message: `Voltage ${voltageV.toFixed(1)} V is below ${LOW_VOLTAGE_V} V`, values }
    : { level: 'ok', message: 'Battery good', values };
}

/** The battery: /battery_state and /voltage at 1 Hz. */
export async function openBatteryMonitor(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'battery_monitor', namespace: '/power' });
  const battery = () => view.robot().battery;
  await node.publishEvery(PERIOD_MS, { name: '/battery_state', type: 'sensor_msgs/msg/BatteryState' }, () => {
    const { voltageV, currentA, charge } = battery();
    const low = voltageV < LOW_VOLTAGE_V;
    const cells = new Float32Array(CELLS).fill(voltageV / CELLS);
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
      cell_voltage: cells,
      cell_temperature: new Float32Array(CELLS).fill(Number.NaN),
      location: 'bay_0',
      serial_number: 'DEMO-24-0042',
    };
  });
  await node.publishEvery(PERIOD_MS, { name: '/voltage', type: 'std_msgs/msg/Float32' }, () => ({
    data: battery().voltageV,
  }));
  await publishDiagnostics(node, {
    name: 'battery_monitor: pack',
    hardwareId: 'battery-DEMO-24-0042',
    diagnose: () => diagnose(battery()),
  });
  view.onEvent((event) => {
    if (event === 'battery-low') node.log('error', `Battery voltage fell below ${LOW_VOLTAGE_V} V`);
    if (event === 'battery-recovered') node.log('info', 'Battery voltage is back in range');
  });
  return node;
}
